export declare function requireSpace(folder: string, megabytes: number): void;
