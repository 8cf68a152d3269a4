/** Why one event of a batch was not stored; another kind of error is a plain 500 inside the 207. */
export class EventError extends Error {
  override readonly name = 'EventError';
  readonly status: 400 | 401 | 404;

  constructor(status: 400 | 401 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** The row belongs to another project. Not tried again; answered as a 500. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}
