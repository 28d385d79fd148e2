import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { storeConformance } from "./conformance.ts";

storeConformance(async () => ({ store: createMemoryStore(), root: "t" }));
