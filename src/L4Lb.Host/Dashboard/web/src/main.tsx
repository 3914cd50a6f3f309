import { render } from "preact";
import { App } from "./app";
import "./styles/index.css";
import { readTheme, showTheme } from "./theme";

showTheme(readTheme());
render(<App />, document.getElementById("app")!);
