import type { Connection } from "../live/connection";
import { clock, duration } from "../format";

/** Says that what is shown is not of now. */
export function Banner({ connection, heard, now }: { connection: Connection; heard: number; now: number }) {
  const { link } = connection;
  if (link.state === "live") return null;
  const known = heard > 0 ? ` What is shown is of ${clock(heard)}.` : "";
  const wait = link.state === "waiting" ? Math.max(link.until - now, 0) : 0;
  return (
    <div class="banner" role="status">
      <p>
        <strong>{link.state === "waiting" ? "Disconnected" : "Connecting"}</strong>
        {link.state === "waiting" ? <>: {link.why}.{known} <span aria-hidden="true">Next try in {duration(Math.ceil(wait / 1000) * 1000)}.</span></> : <>…{known}</>}
      </p>
      {link.state === "waiting" && <button type="button" onClick={() => connection.retry()}>Try now</button>}
    </div>
  );
}
