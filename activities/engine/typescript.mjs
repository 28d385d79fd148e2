// For `node --import`: teaches a process or a thread TypeScript. tsx's own entry point does that for
// main threads alone.
import { register } from "tsx/esm/api";

register();
