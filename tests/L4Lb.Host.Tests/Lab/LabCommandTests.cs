using System.Runtime.Versioning;
using L4Lb.Host.Tests.Client;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Lab;

public sealed class LabCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Small => _folder.Write("small.yaml", Text("small", "rr, p2c", 0.7));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_guide_names_one_command_and_every_scenario()
    {
        var (code, output, error) = await RunAsync("lab");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\n  l4lb lab simulate power-of-two --open\n", output);
        Assert.All(ShippedScenarios.All, s => Assert.Contains($"\n  {s.Name} ", output));
        Assert.All(output.Split('\n'), static line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public async Task A_printed_scenario_is_one_that_checks()
    {
        var (code, text, _) = await RunAsync("lab", "scenarios", "herd");

        Assert.Equal((0, ShippedScenarios.Find("herd")!.Text), (code, text));
        Assert.Equal((0, "", ""), await RunAsync("lab", "check", _folder.Write("copy.yaml", text)));
        var (unknown, _, error) = await RunAsync("lab", "scenarios", "nerd");
        Assert.Equal(1, unknown);
        Assert.StartsWith("l4lb: there is no scenario nerd; there is affinity, ", error);
    }

    [Fact]
    public async Task The_schema_of_scenarios_is_printed_for_editors_and_goes_without_a_name()
    {
        Assert.Equal((0, ScenarioSchema.Text, ""), await RunAsync("lab", "scenarios", "--schema"));
        var (code, _, error) = await RunAsync("lab", "scenarios", "herd", "--schema");
        Assert.Equal(2, code);
        Assert.StartsWith("l4lb: --schema is that of all scenarios: it goes without a name\n", error);
    }

    [Fact]
    public async Task What_is_wrong_with_a_scenario_has_its_file_and_line()
    {
        var file = _folder.Write("bad.yaml", Text("bad", "rr, nosuch", 0.7));

        var (code, output, _) = await RunAsync("lab", "check", file);
        Assert.Equal(1, code);
        Assert.Matches($"^{file}:\\d+: spec.schedulers", output);
        var (simulated, _, error) = await RunAsync("lab", "simulate", file);
        Assert.Equal(1, simulated);
        Assert.Matches($"^{file}:\\d+: spec.schedulers", error);
        Assert.Equal(3, (await RunAsync("lab", "check", _folder.File("none.yaml"))).Code);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("simulate")]
    [InlineData("live")]
    [InlineData("report")]
    public async Task A_folder_where_a_file_is_wanted_is_told_as_one(string command) => Assert.Equal(
        (3, "", $"l4lb: {_folder.Path}: is a folder: name a file in it\n"), await RunAsync("lab", command, _folder.Path));

    [Fact]
    public async Task A_folder_is_no_place_for_a_result_which_is_said_before_it_is_simulated()
    {
        Assert.Equal((3, "", $"l4lb: {_folder.Path}: is a folder: name a file in it\n"), await RunAsync("lab", "simulate", Small, "-o", _folder.Path));
        Assert.Equal(
            (3, "", string.Concat(Enumerable.Repeat($"l4lb: {_folder.Path}: is a folder: name a file in it\n", 2))),
            await RunAsync("lab", "compare", _folder.Path, _folder.Path));
    }

    [Fact]
    public async Task What_a_shorter_duration_leaves_out_is_noted()
    {
        var file = _folder.Write("late.yaml", Text("late", "rr, p2c", 0.7) + "\n  faults: [{kind: slow, at: 2s, count: 1, factor: 10}]\n");
        string[] command = ["lab", "simulate", file, "--seeds", "1", "-o", _folder.File("a.json"), "--report", _folder.File("a.html")];
        const string Note = "spec.faults[0]: slow at 2s begins after the end, since 1s are measured: the figures are without it.";

        Assert.Equal((0, "", ""), await RunAsync("lab", "check", file));
        Assert.DoesNotContain("spec.faults", (await RunAsync(command)).Out);
        var (code, output, error) = await RunAsync([.. command, "--duration", "1s"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"\nNote    {Note}\n", output);
        Assert.Equal([Note], ResultFile.Read("a", File.ReadAllText(_folder.File("a.json"))).Found!.Notes);
        Assert.Contains(Note, File.ReadAllText(_folder.File("a.html")));
    }

    [Fact]
    public async Task A_simulation_leaves_a_result_a_report_and_a_ranking()
    {
        var (result, report) = (_folder.File("a.json"), _folder.File("a.html"));
        var (code, output, error) = await RunAsync("lab", "simulate", Small, "--seeds", "3", "-o", result, "--report", report);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("small: p2c answers 99 % of the requests within ", output);
        Assert.Contains($"\nReport  {report}\n", output);
        Assert.Matches(@"\nRANK +SCHEDULER +MEDIAN .*\n1 +p2c .*\n2 +rr ", output);
        var read = ResultFile.Read(result, File.ReadAllText(result)).Found!;
        Assert.Equal([1UL, 2, 3], read.Schedulers[0].Runs.Select(static r => r.Seed));
        Assert.Equal($"l4lb lab simulate {Small} --seeds 3 -o {result} --report {report}", read.Made.Command);
        Assert.Equal(Report.Write(read, ReportFormat.Html), File.ReadAllText(report));
        Assert.Equal(["a.html", "a.json", "small.yaml"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_command_line_overrides_what_a_scenario_asks()
    {
        var result = _folder.File("a.json");
        var (code, _, _) = await RunAsync(
            "lab", "simulate", Small, "--scheduler", "lc", "--scheduler", "p2c,choices=3", "--load", "0.5", "--duration", "500ms", "--parallel", "1",
            "-o", result, "--report", _folder.File("a.html"));

        var read = ResultFile.Read(result, File.ReadAllText(result)).Found!;
        Assert.Equal(0, code);
        Assert.Equal(["lc", "p2c,choices=3"], read.Schedulers.Select(static s => s.Scheduler));
        Assert.Equal((0.5, 0.5), (Math.Round(read.Scenario.OfferedLoad, 9), read.Scenario.DurationSeconds));
    }

    [Fact]
    public async Task Nothing_that_is_not_ours_is_overwritten()
    {
        var mine = _folder.Write("mine.txt", "years of work");
        var (code, _, error) = await RunAsync("lab", "simulate", Small, "-o", mine, "--report", _folder.File("a.html"));

        Assert.Equal(3, code);
        Assert.Equal($"l4lb: {mine}: is there, and l4lb lab did not write it: remove it, or name another file\n", error);
        Assert.Equal("years of work", File.ReadAllText(mine));
        Assert.False(File.Exists(_folder.File("a.html")));
    }

    [Fact]
    public async Task Our_own_files_are_replaced()
    {
        string[] command = ["lab", "simulate", Small, "-o", _folder.File("a.json"), "--report", _folder.File("a.html")];
        Assert.Equal(0, (await RunAsync(command)).Code);
        Assert.Equal(0, (await RunAsync([.. command, "--seeds", "2"])).Code);
        Assert.Equal(2, ResultFile.Read("a", File.ReadAllText(_folder.File("a.json"))).Found!.Schedulers[0].Runs.Count);
        foreach (var name in new[] { "r.md", "r.csv", "r.json", "r.html" })
        {
            string[] report = ["lab", "report", _folder.File("a.json"), "-o", _folder.File(name)];
            Assert.Equal(0, (await RunAsync(report)).Code);
            Assert.Equal(0, (await RunAsync(report)).Code);
        }
    }

    [Theory]
    [InlineData("--format markdown", "<!-- l4lb lab -->\n## small\n")]
    [InlineData("--format csv", "scenario,scheduler,mode,seed,measure,unit,value\r\nsmall,rr,simulated,1,latency_mean,us,")]
    [InlineData("--format json", "{\n  \"format\": \"l4lb.io/lab-report/v1\",\n  \"scenario\": \"small\",")]
    [InlineData("-o -", "<!DOCTYPE html>\n")]
    public async Task Reports_are_made_of_results(string options, string beginning)
    {
        var result = await SimulateAsync("a.json");
        var (code, output, error) = await RunAsync(["lab", "report", result, .. options.Split(' ')]);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(beginning, output);
    }

    [Fact]
    public async Task Charts_are_files_that_stand_alone()
    {
        var (code, output, _) = await RunAsync("lab", "report", await SimulateAsync("a.json"), "--charts", _folder.Path);

        Assert.Equal(0, code);
        Assert.Contains($"Chart   {_folder.File("small-tail.svg")}\n", output);
        Assert.StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"", File.ReadAllText(_folder.File("small-tail.svg")));
    }

    [Fact]
    public async Task What_is_no_result_is_named()
    {
        var broken = _folder.Write("broken.json", "{\"format\":\"l4lb.io/lab-result/v1\",\"made\":");
        Assert.Equal(
            (1, "", $"l4lb: {broken}:1: is not JSON, or was cut off; a result file is what l4lb lab simulate -o wrote\n"), await RunAsync("lab", "report", broken));
        Assert.Equal((3, "", $"l4lb: {_folder.File("none")}: no such file\n"), await RunAsync("lab", "report", _folder.File("none")));
        Assert.Equal(2, (await RunAsync("lab", "compare", broken)).Code);
        var other = await SimulateAsync("a.json");
        var (code, _, error) = await RunAsync("lab", "report", other, other);
        Assert.Equal((1, $"l4lb: {other} has rr as an earlier file has it: l4lb lab compare shows how they differ\n"), (code, error));
    }

    [Fact]
    public async Task The_same_compared_with_itself_is_the_same()
    {
        var (first, second) = (await SimulateAsync("a.json", "--seeds", "3"), await SimulateAsync("b.json", "--seeds", "3"));
        var (code, output, error) = await RunAsync("lab", "compare", first, second, "--fail-on-regression");

        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^\S+b.json against \S+a.json: \d+ the same\n$", output);
    }

    [Fact]
    public async Task A_regression_is_found_and_fails_when_asked_to()
    {
        var (before, after) = (await SimulateAsync("a.json", "--seeds", "3", "--load", "0.5"), await SimulateAsync("b.json", "--seeds", "3", "--load", "0.9"));

        var (code, output, _) = await RunAsync("lab", "compare", before, after);
        Assert.Equal(0, code);
        Assert.Contains("The scenarios differ", output);
        Assert.Matches(@"\nrr +99th percentile +.* \+\d+ % ± .* worse\n", output);
        var (failed, _, error) = await RunAsync("lab", "compare", before, after, "--fail-on-regression", "-o", "json");
        Assert.Equal(1, failed);
        Assert.Contains($"l4lb: {after}: rr: 99th percentile got worse\n", error);
        Assert.Equal(0, (await RunAsync("lab", "compare", after, before, "--fail-on-regression")).Code);
        Assert.Equal(0, (await RunAsync("lab", "compare", before, after, "--fail-on-regression", "--tolerance", "1000")).Code);
    }

    [Theory]
    [InlineData("lab simulate a b -o c", "--output and --report go with one scenario: each has its own")]
    [InlineData("lab simulate a --scheduler nosuch", "--scheduler nosuch: ")]
    [InlineData("lab simulate a --load 0", "--load 0: must be a part of the capacity")]
    [InlineData("lab simulate a --seeds 0", "--seeds 0: must be a number from 1 to 1000")]
    [InlineData("lab live a --load 0.5 --rate 3", "--load and --rate say the same: give one of them")]
    [InlineData("lab live a --time-scale 0", "--time-scale 0: must be a factor from 0.1 to 1000")]
    [InlineData("lab live a --target localhost", "--target localhost: must be ADDRESS:PORT with an IP address")]
    [InlineData("lab replay a --workers 0", "--workers 0: must be a number of at least 1")]
    [InlineData("lab report a --format pdf", "--format pdf: must be one of html, markdown, csv, json")]
    public async Task Usage_is_2_and_names_the_help(string line, string problem)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"l4lb: {problem}", error);
        Assert.EndsWith($"See 'l4lb {string.Join(' ', line.Split(' ').Take(2))} --help'.\n", error);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_report_is_opened_where_there_is_a_desktop()
    {
        var opener = _folder.Write("bin/xdg-open", $"#!/bin/sh\necho \"$1\" > {_folder.File("opened.next")}\nmv {_folder.File("opened.next")} {_folder.File("opened")}\n");
        File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = await SimulateAsync("a.json");
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new Host.Cli.CommandContext(output, error, name => name switch
        {
            "DISPLAY" => ":0",
            "PATH" => $"/nowhere:{_folder.File("bin")}",
            _ => null,
        });

        Assert.Equal(0, await Host.Cli.CommandLine.RunAsync(["lab", "report", result, "--open", "-o", _folder.File("r.html")], context, Host.Cli.CommandHandlers.Default));
        await Eventually.HoldsAsync("the report is opened", () => File.Exists(_folder.File("opened")));
        Assert.Equal($"{_folder.File("r.html")}\n", File.ReadAllText(_folder.File("opened")));
        var (code, said, _) = await RunAsync("lab", "report", result, "--open", "-o", _folder.File("r.html"));
        Assert.Equal(0, code);
        Assert.EndsWith($"There is no desktop here; in a browser: file://{_folder.File("r.html")}\n", said);
    }

    [Fact]
    public async Task In_one_command_to_a_report_in_the_current_folder()
    {
        var (code, output, error) = await LabProcess.RunAsync(_folder.Path, null, "lab", "simulate", Small, "--open");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\nReport  small.html\nThere is no desktop here; in a browser: file://", output);
        Assert.Equal(["small.html", "small.result.json", "small.yaml"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_is_finished_is_kept_when_it_is_interrupted()
    {
        // Far more runs than fit into the time until somebody looks.
        var (code, output, error) = await LabProcess.RunAsync(
            _folder.Path,
            process => _ = InterruptAsync(process),
            "lab", "simulate", Small, "--seeds", "1000", "--duration", "100s", "--parallel", "2");

        Assert.Equal(1, code);
        Assert.Matches(@"l4lb: (stopped: \d+ of 2000 runs are finished, and in result and report|small: stopped before a run was finished; nothing is written)\n$", error);
        if (output.Length > 0)
        {
            Assert.NotNull(ResultFile.Read("small", File.ReadAllText(_folder.File("small.result.json"))).Found);
        }
    }

    private static async Task InterruptAsync(System.Diagnostics.Process process)
    {
        // The program takes SIGINT over before it simulates; earlier it would end without a word.
        await Eventually.HoldsAsync("it simulates", () => process.TotalProcessorTime > TimeSpan.FromSeconds(3));
        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task<string> SimulateAsync(string file, params IEnumerable<string> options)
    {
        var result = _folder.File(file);
        Assert.Equal(0, (await RunAsync(["lab", "simulate", Small, "-o", result, "--report", _folder.File($"{file}.html"), .. options])).Code);
        return result;
    }

    private static Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => CommandRig.RunAsync(null, arguments);

    private static string Text(string name, string schedulers, double load) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata:
          name: {{name}}
        spec:
          description: Ten backends.
          duration: 4s
          warmUp: 1s
          schedulers: [{{schedulers}}]
          backends:
          - name: web
            count: 10
            work: {distribution: exponential, mean: 10ms}
          arrivals: {load: {{load}}}
        """);
}
