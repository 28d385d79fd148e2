export declare function processIdentity(pid: number): string | undefined;
export declare function isAlive(pid: number, identity: string | undefined): boolean;
