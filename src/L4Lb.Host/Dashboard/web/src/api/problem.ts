/** What the server refused, in its own words (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly string[] = [],
  ) {
    super(detail);
  }

  /** Reads the body of a refusal; one that says nothing is told by its number. */
  static async of(response: Response): Promise<Problem> {
    try {
      const body = (await response.json()) as { title?: string; detail?: string; errors?: string[] };
      return new Problem(response.status, body.detail ?? body.title ?? `HTTP ${response.status}`, body.errors);
    } catch {
      return new Problem(response.status, `HTTP ${response.status}`);
    }
  }
}

/** Any failure in words: the network's own say nothing that helps. */
export const inWords = (error: unknown): string =>
  error instanceof Problem ? error.message : error instanceof TypeError ? "the instance does not answer" : String(error);
