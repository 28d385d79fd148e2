export { sampleBatch } from "./sample-batch.ts";
export { prepareScan } from "./prepare-scan.ts";
export { localizeScan } from "./localize-scan.ts";
export { analyseScan } from "./analyse-scan.ts";
export { pretrainCampaign } from "./pretrain-campaign.ts";
export { fineTuneSegmentation } from "./fine-tune-segmentation.ts";
