import type { Localizer } from "../../../schemas/calibration.ts";

/**
 * In words what a localizer has otherwise than the one that was calibrated; undefined where they
 * are the same. Long keys of networks are cut short.
 */
export function compareLocalizers(calibrated: Localizer, now: Localizer): string | undefined {
  const names = [...new Set([...Object.keys(calibrated), ...Object.keys(now)])].sort();
  const differing = names.filter((name) => calibrated[name] !== now[name]);
  if (differing.length === 0) return undefined;
  return differing
    .map((name) => `${name} ${word(calibrated[name])}, here ${word(now[name])}`)
    .join("; ");
}

function word(value: string | number | undefined): string {
  if (value === undefined) return "none";
  return /^[0-9a-f]{64}$/.test(String(value)) ? String(value).slice(0, 12) : String(value);
}
