import { useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import { inWords, Problem } from "../api/problem";
import { token } from "../api/token";
import type { Access } from "../api/types";

/** Asks for the token. */
export function SignIn({ why, done }: { why: string | null; done: (access: Access) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(why);
  const [isAsking, setAsking] = useState(false);
  const enter = async (): Promise<void> => {
    setAsking(true);
    token.set(field.current!.value.trim());
    try {
      done(await api.access());
    } catch (error) {
      token.forget();
      setProblem(error instanceof Problem && error.status === 401 ? "This token is not known here." : inWords(error));
      setAsking(false);
      field.current?.select();
    }
  };
  return (
    <main class="sign-in">
      <form class="panel" onSubmit={(e) => { e.preventDefault(); void enter(); }}>
        <h1>L4Lb</h1>
        <p>This instance asks for a token. It is in the file that <code>--admin-token-file</code> names, or, for looking only, <code>--admin-read-token-file</code>.</p>
        <label class="field">
          Token
          <input ref={field} type="password" required autofocus autocomplete="current-password" aria-describedby="sign-in-problem" />
        </label>
        <p id="sign-in-problem" class="problem" role="alert">{problem}</p>
        <button type="submit" class="primary" disabled={isAsking}>Sign in</button>
        <p class="why">It is kept until this tab is closed.</p>
      </form>
    </main>
  );
}
