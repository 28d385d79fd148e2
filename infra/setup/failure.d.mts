export declare function toLine(error: unknown, folder: string): string;
