using System.Diagnostics;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>What ten thousand Services take; the figures are printed.</summary>
public sealed class ProviderScaleTests(ITestOutputHelper output)
{
    private const int Services = 10_000;

    [Fact(Explicit = true)]
    public async Task MeasureTenThousandServices()
    {
        await using var rig = new ProviderRig(new() { Workers = 16 }).Pool("a", "10.0.0.0/16");
        rig.Spoil = static (call, answer, _) => call.IsEvent ? throw new ApiError(403, "Forbidden", "") : Task.FromResult(answer());
        for (var i = 0; i < Services; i++)
        {
            rig.Service($"s{i}");
        }

        await MeasureAsync(rig, "from nothing");
        await rig.StopAsync();
        var writes = rig.Calls.Count(static c => c.IsWrite && c.Kind == Kind.Service);
        await MeasureAsync(rig, "after a restart");
        Assert.Equal(writes, rig.Calls.Count(static c => c.IsWrite && c.Kind == Kind.Service));

        async Task MeasureAsync(ProviderRig rig, string what)
        {
            var started = Stopwatch.GetTimestamp();
            rig.Start();
            await Eventually.HoldsAsync(
                () => rig.Controller!.Usage is [{ AssignedIPv4: var count }] && count == Services && rig.AddressesOf($"s{Services - 1}").Length > 0,
                () => $"{rig.Controller!.Usage}", TimeSpan.FromMinutes(5));
            output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }
    }
}
