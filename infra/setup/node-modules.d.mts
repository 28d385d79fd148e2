export declare function nodeModulesFit(checkout: string): boolean;
