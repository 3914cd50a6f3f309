/** One server-sent event. */
export interface Message {
  event: string;
  data: string;
}

/**
 * Takes a stream of server-sent events apart (WHATWG HTML, §9.2), whatever pieces it comes in. Our own server ends lines with LF
 * and sends no ids; a line is some megabytes when it tells of ten thousand services, so no piece is looked through twice.
 */
export class MessageReader {
  private rest: string[] = [];
  private event = "message";
  private data: string[] = [];

  /** The messages that are complete with this piece. */
  read(piece: string): Message[] {
    const messages: Message[] = [];
    let from = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", from)) {
      this.rest.push(piece.slice(from, end));
      from = end + 1;
      const message = this.line(this.rest.join(""));
      this.rest = [];
      if (message !== null) messages.push(message);
    }
    if (from < piece.length) this.rest.push(piece.slice(from));
    return messages;
  }

  private line(line: string): Message | null {
    if (line === "") {
      const message = this.data.length > 0 ? { event: this.event, data: this.data.join("\n") } : null;
      this.event = "message";
      this.data = [];
      return message;
    }
    const colon = line.indexOf(":");
    const [field, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    if (field === "event") this.event = value;
    if (field === "data") this.data.push(value);
    return null;
  }
}
