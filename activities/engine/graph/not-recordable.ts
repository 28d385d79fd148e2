/**
 * A program that cannot be made a graph, and why: it reads a value back, depends on a number that
 * changes from run to run without being an input, or uses what a graph cannot hold. The program may
 * still be run as it is written.
 */
export class NotRecordable extends Error {
  override readonly name = "NotRecordable";
}
