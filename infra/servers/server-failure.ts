/** A local server that could not be started, stopped or reached; the message says what to do. */
export class ServerFailure extends Error {
  override readonly name = "ServerFailure";
  /** Whether the reason was that somebody else listens on the port. */
  readonly portTaken: boolean;

  constructor(message: string, { portTaken = false } = {}) {
    super(message);
    this.portTaken = portTaken;
  }
}
