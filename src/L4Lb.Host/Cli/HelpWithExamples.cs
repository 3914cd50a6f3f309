using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace L4Lb.Host.Cli;

/// <summary>The help page with what people look for on it: examples that can be pasted.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    /// <summary>Fixed, so that a help page reads the same in a terminal, a pipe and the documentation.</summary>
    private const int Columns = 110;

    private static readonly Dictionary<string, string[]> s_examples = new(StringComparer.Ordinal)
    {
        ["l4lb"] =
        [
            "l4lb demo",
            "l4lb run -f services/ --watch",
            "l4lb run --listen tcp://127.0.0.1:8080 --backend 127.0.0.1:9001 --backend 127.0.0.1:9002,weight=3",
        ],
        ["demo"] = ["l4lb demo", "l4lb demo --once"],
        ["run"] =
        [
            "l4lb run -f services.yaml -f endpoints/ --watch --state-dir /var/lib/l4lb",
            "kubectl get services,endpointslices -A -o yaml | l4lb run -f - --manage-addresses eth0",
            "l4lb run --kubernetes --kubeconfig /etc/l4lb/kubeconfig --backends nodes",
            "l4lb run --listen tcp://0.0.0.0:8080 --backend 10.0.0.1:80,weight=3 --backend 10.0.0.2:80 --scheduler wrr",
            "l4lb run --listen tcp://0.0.0.0:8080 --backend 10.0.0.1:80 --backend 10.0.0.2:80 --health-check http:/ready,interval=1s",
            "l4lb run --listen udp://0.0.0.0:53 --listen tcp://0.0.0.0:53 --backend 10.0.0.1:53 --backend 10.0.0.2:53 --udp requests=1,responses=1",
            "l4lb run -f services.yaml --dns 10.0.0.2 --dns-upstream 192.0.2.1",
            "L4LB_FILENAME=/etc/l4lb L4LB_WATCH=true l4lb run",
        ],
        ["check"] = ["l4lb check -f services/", "l4lb check -f services.yaml --validate warn"],
        ["env"] = ["l4lb env prod -f services.yaml -o docker > prod.env", "l4lb env prod -f services.yaml --state-dir /var/lib/l4lb"],
        ["health"] = ["l4lb health", "l4lb health --admin unix:/run/l4lb/admin.sock"],
        ["explain"] =
        [
            "l4lb explain -f services/ --client 192.0.2.7 --to 10.96.0.10:80",
            "l4lb explain -f services/ --client 192.0.2.7:40000 --to 10.96.0.10:53/udp -o json",
        ],
        ["get"] =
        [
            "l4lb get services",
            "l4lb get backends --service shop/web -o wide",
            "l4lb get sessions --client 192.0.2.0/24 --limit 20",
            "l4lb get be -n shop --watch",
            "l4lb get services web -o json",
        ],
        ["top"] = ["l4lb top", "l4lb top --sort errors --interval 5s", "l4lb top --once"],
        ["drain"] = ["l4lb drain web 10.0.0.1:8080", "l4lb drain shop/web 10.0.0.1:8080 --admin unix:/run/l4lb.sock"],
        ["enable"] = ["l4lb enable shop/web 10.0.0.1:8080"],
        ["weight"] = ["l4lb weight shop/web 10.0.0.1:8080 5", "l4lb weight shop/web 10.0.0.1:8080 reset"],
        ["kill"] = ["l4lb kill 4711 4712", "l4lb kill --service shop/web --backend 10.0.0.1:8080", "l4lb kill --client 192.0.2.0/24 --yes"],
        ["completion"] = ["source <(l4lb completion bash)", "l4lb completion fish > ~/.config/fish/completions/l4lb.fish"],
        ["complete"] = [],
        ["man"] = ["l4lb man | man -l -"],
        ["lab"] = ["l4lb lab", "l4lb lab simulate power-of-two --open"],
        ["lab scenarios"] = ["l4lb lab scenarios", "l4lb lab scenarios power-of-two > mine.yaml", "l4lb lab scenarios --schema > scenario.schema.json"],
        ["lab check"] = ["l4lb lab check mine.yaml"],
        ["lab simulate"] =
        [
            "l4lb lab simulate power-of-two --open",
            "l4lb lab simulate mine.yaml --scheduler rr --scheduler p2c --seeds 10 --load 0.95",
            "l4lb lab simulate mine.yaml -o before.result.json --report before.html",
        ],
        ["lab live"] =
        [
            "l4lb lab live mine.yaml --and-simulate --open",
            "l4lb lab live mine.yaml --load 0.4 --duration 20s --scheduler rr --scheduler ewma",
            "l4lb lab live mine.yaml --target 127.0.0.1:8080 --backend-port 9000",
        ],
        ["lab replay"] =
        [
            "l4lb lab replay access.log --open",
            "l4lb lab replay access.log.1.gz access.log --service default/web:http -f manifests/ --scheduler maglev",
        ],
        ["lab report"] =
        [
            "l4lb lab report mine.result.json -o mine.html",
            "l4lb lab report simulated.result.json live.result.json --open",
            "l4lb lab report mine.result.json --charts pictures",
            "l4lb lab report mine.result.json --format markdown >> $GITHUB_STEP_SUMMARY",
        ],
        ["lab compare"] =
        [
            "l4lb lab compare before.result.json after.result.json",
            "l4lb lab compare before.result.json after.result.json --fail-on-regression --tolerance 5 -o markdown",
        ],
        ["reload"] = ["l4lb reload", "l4lb reload --admin https://lb.example:9900 --token-file /etc/l4lb/token"],
    };

    private readonly HelpAction _help;

    public HelpWithExamples(HelpAction help)
    {
        _help = help;
        _help.MaxWidth = Columns;
    }

    public override bool ClearsParseErrors => true;

    /// <summary>Examples of a command.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_examples[command is RootCommand ? "l4lb" : CommandPath.Of(command)];

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in Of(command))
        {
            output.WriteLine($"  {example}");
        }

        return ExitCode.Done;
    }
}
