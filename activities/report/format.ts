/** `21 %`, with a digit more where a whole number would say nothing. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  const digits = percent > 0 && percent < 10 ? 1 : 0;
  return `${percent.toFixed(digits)} %`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Bytes for people, in powers of 1000. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${bytes < 0 ? "-" : ""}${value.toFixed(digits)} ${UNITS[unit]}`;
}

const POWERS = ["", " thousand", " million", " billion", " trillion"];

/** A count for people: `812`, `14.2 thousand`, `1.07 billion`. */
export function formatCount(count: number): string {
  let value = count;
  let power = 0;
  while (value >= 9999.5 || (power > 0 && value >= 999.5)) {
    if (power === POWERS.length - 1) break;
    value /= 1000;
    power++;
  }
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits) + POWERS[power];
}

/** Seconds for people: `0.8 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
