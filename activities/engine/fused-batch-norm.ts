export { FUSED_BATCH_NORM } from "./kernels/fused-batch-norm.ts";
