import type { OpenBackend, TensorData } from "../graph/open-backend.ts";
import type { AdamSlot } from "./adam-slot.ts";

/** A moment that stays where Adam updates it, and is a tensor's data only if somebody looks. */
export interface SlotMoment {
  /** The data's identity to tfjs. Of what `advance` made stale, it is another one. */
  readonly dataId: () => object;
  /**
   * To be called before an update. A tensor that only the optimizer holds becomes the updated one;
   * where somebody else does (a clone of the variable), theirs keeps the value and a new one begins.
   */
  readonly advance: () => void;
}

/** The moment `which` (1: m, 2: v) of a slot. */
export function createSlotMoment(
  backend: OpenBackend,
  slot: AdamSlot,
  which: number,
  shape: readonly number[],
): SlotMoment {
  const begin = () => {
    const dataId = {};
    const data = lazyData(backend, slot, which, shape);
    backend.tensorMap.set(dataId, data);
    return { dataId, data };
  };
  let now = begin();
  return {
    dataId: () => now.dataId,
    advance() {
      if (now.data.refCount > 1) {
        void now.data.id; // look, for those who keep it
        now = begin();
      } else now.data.forget();
    },
  };
}

function lazyData(backend: OpenBackend, slot: AdamSlot, which: number, shape: readonly number[]) {
  let read: number | undefined;
  return {
    shape: [...shape],
    dtype: backend.binding.TF_FLOAT,
    values: null,
    refCount: 0,
    get id() {
      return (read ??= slot.read(which).id);
    },
    forget() {
      if (read !== undefined) backend.binding.deleteTensor(read);
      read = undefined;
    },
  } satisfies TensorData & { forget(): void };
}
