export function bringTorch(context: {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}): Promise<string>;
