/** A scan's direction as the network names it, and as it is said to be. */
export interface NamedDirection {
  readonly scan: string;
  readonly named: 1 | -1;
  readonly said: 1 | -1;
}

/** How many scans were named as they are said to point, and which were not. */
export interface DirectionCheck {
  readonly right: number;
  readonly wrong: readonly string[];
}

/**
 * Compare directions up to one global sign, which a flip-invariant loss cannot know: the sign that
 * more of them agree with.
 */
export function checkDirections(scans: readonly NamedDirection[]): DirectionCheck {
  const agree = scans.filter(({ named, said }) => named === said);
  const disagree = scans.filter(({ named, said }) => named !== said);
  const [right, wrong] = agree.length >= disagree.length ? [agree, disagree] : [disagree, agree];
  return { right: right.length, wrong: wrong.map(({ scan }) => scan) };
}
