/** OAuth's no, which has a shape of its own (errors.md §1.2 and §1.3). */
export class OAuthRefusal extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.name = 'OAuthRefusal';
    this.status = status;
    this.error = error;
  }
}
