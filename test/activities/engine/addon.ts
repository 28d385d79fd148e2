/** Where the TensorFlow addon is: `MICROTOME_TFJS_ADDON`, else where set-up puts it. */
export async function addonPath(): Promise<string> {
  const named = process.env["MICROTOME_TFJS_ADDON"];
  if (named !== undefined) return named;
  const paths = new URL("../../../infra/setup/paths.mjs", import.meta.url).href;
  const setup = (await import(paths)) as { piecePaths(): { tensorflowAddon?: string } };
  const { tensorflowAddon } = setup.piecePaths();
  if (tensorflowAddon === undefined) throw new Error("No TensorFlow addon: run `npm run setup`");
  return tensorflowAddon;
}
