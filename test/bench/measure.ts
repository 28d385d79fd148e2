/** One line of a table: `npm run bench -- AREA --json` prints a list of them. */
export interface Row {
  readonly work: string;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  /** Ours over the peer's, turned so that more is better. */
  readonly ratio: number;
  /** What `ratio` must reach; null where a number is only told. */
  readonly goal: number | null;
  /** The peer in words. */
  readonly against: string;
  /** Peak resident memory in megabytes (1e6 bytes); null where it says nothing. */
  readonly oursPeakMb: number | null;
  readonly peerPeakMb: number | null;
}

/** What a measure may use. */
export interface Bench {
  /** An empty folder on the disk that is measured; removed afterwards. */
  readonly folder: string;
  /** Alternating runs, of which the median counts. */
  readonly runs: number;
  /** Smaller than what the goals are about, for trying the harness. */
  readonly shape: readonly [z: number, y: number, x: number] | undefined;
  /** Tell a waiting person what is going on. */
  readonly note: (text: string) => void;
}

/** One or several rows that are measured together, by a name for `--only`. */
export interface Measure {
  readonly name: string;
  /** Takes an hour or tens of gigabytes: only with `--large` or by name. */
  readonly large?: boolean;
  run(bench: Bench): Promise<readonly Row[]>;
}
