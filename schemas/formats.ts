/** What volumes are written as; `DIR/<scan>` with the extension of the format. */
export const EXPORT_FORMATS = ["ome-zarr", "tiff", "tiff-slices", "nrrd", "nifti"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
