export declare function findCompiler(env: NodeJS.ProcessEnv): Promise<{
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}>;
