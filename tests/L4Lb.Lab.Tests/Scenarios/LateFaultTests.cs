using L4Lb.Lab.Live;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;

namespace L4Lb.Lab.Tests.Scenarios;

/// <summary>What begins after the end is said, since nothing in the figures would say so.</summary>
public sealed class LateFaultTests
{
    [Theory]
    [InlineData("{kind: slow, at: 40s, factor: 2}", "begins after the end: 30s are measured, from the end of the warm-up on")]
    [InlineData("{kind: crash, at: 30s}", "begins after the end: 30s are measured, from the end of the warm-up on")]
    [InlineData("{kind: slow, at: 29900ms, for: 10s, factor: 2}", null)]
    [InlineData("{kind: flap, at: 29s, every: 5s, down: 1s}", null)]
    [InlineData("{kind: add, at: 26s, count: 3, every: 2s}", "1 of its 3 backends has its turn only after the end: 30s are measured, from the end of the warm-up on")]
    [InlineData("{kind: add, at: 25s, count: 3, every: 2s}", null)]
    [InlineData("{kind: remove, at: 29s, first: 1, every: 1s}", "2 of its 3 backends have their turn only after the end: 30s are measured, from the end of the warm-up on")]
    [InlineData("{kind: rolling-update, at: 28s, down: 1s, pause: 1s, batch: 2}", "2 of its 4 backends have their turn only after the end: 30s are measured, from the end of the warm-up on")]
    [InlineData("{kind: rolling-update, at: 28s, for: 1s, down: 1s, pause: 1s, batch: 2}", null)]
    public void A_check_names_the_field_and_its_line(string fault, string? warning)
    {
        // The warm-up is long enough for each to begin within both together.
        var reading = ScenarioReader.Read("x.yaml", Text($"duration: 30s\n  warmUp: 20s\n  faults:\n  - {{kind: slow, at: 1s, factor: 2}}\n  - {fault}"));

        Assert.NotNull(reading.Scenario);
        Assert.Equal(warning is null ? [] : [$"x.yaml:15: warning: spec.faults[1].at: {warning}"], reading.Diagnostics.Select(static d => $"{d}"));
    }

    [Theory]
    [InlineData("requests: 499", "4.99s")]
    [InlineData("requests: 501", null)]
    public void A_number_of_requests_is_the_time_in_which_they_come(string measured, string? time)
    {
        // 100 a second.
        var reading = ScenarioReader.Read("x.yaml", Text($"{measured}\n  faults: [{{kind: pause, at: 5s, every: 1s, length: 10ms}}]"));

        Assert.Equal(
            time is null ? [] : [$"x.yaml:12: warning: spec.faults[0].at: begins after the end: {time} are measured, from the end of the warm-up on"],
            reading.Diagnostics.Select(static d => $"{d}"));
    }

    [Fact]
    public async Task A_run_that_is_shorter_than_the_scenario_notes_what_is_missing()
    {
        var whole = Sim.Read(Text("duration: 20s\n  seeds: 1\n  faults: [{kind: slow, at: 1s, factor: 2}, {kind: flap, at: 10s, every: 2s, down: 1s}, {kind: remove, at: 2s, every: 2s}]"));
        var cut = whole with { Duration = TimeSpan.FromSeconds(5) };
        string[] notes =
        [
            "spec.faults[1]: flap at 10s begins after the end, since 5s are measured: the figures are without it.",
            "spec.faults[2]: remove at 2s begins in time, but 2 of its 4 backends have their turn only after the end, since 5s are measured: the figures are without these.",
        ];

        Assert.Empty((await Sim.RunAsync(whole)).Notes);
        Assert.Equal(notes, (await Sim.RunAsync(cut)).Notes);
        Assert.Equal(notes, LivePlan.Of(cut, new LiveOptions()).Warnings);
    }

    private static string Text(string measured) => $$"""
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: late}
        spec:
          schedulers: [rr]
          arrivals: {rate: 100}
          backends:
          - name: web
            count: 4
            work: 10ms
          {{measured}}
        """;
}
