/** What other programs read. */
export const ENCODER_FORMATS = ["onnx", "saved-model"] as const;

export type EncoderFormat = (typeof ENCODER_FORMATS)[number];
