using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>A provider that is killed at each of its writes in turn, just before the server does it or just after.</summary>
public sealed class RestartTests
{
    private static readonly (Action<ProviderRig> Do, Func<ProviderRig, bool> IsDone)[] s_story =
    [
        (static rig => rig.Pool("a", "192.0.2.1-192.0.2.3").Service("a").Service("b").Service("c"),
            static rig => Has(rig, "a", "192.0.2.") && Has(rig, "b", "192.0.2.") && Has(rig, "c", "192.0.2.")),
        (static rig => rig.Service("waits").Patch("b", """{"spec": {"type": "ClusterIP"}}"""),
            static rig => ProviderRig.IsClean(rig.Get("b")!) && Has(rig, "waits", "192.0.2.")),
        (static rig => rig.Delete("a").Service("next"),
            static rig => rig.Get("a") is null && Has(rig, "next", "192.0.2.")),
        (static rig => rig.Pool("a", "198.51.100.1-198.51.100.3"),
            static rig => Has(rig, "c", "198.51.100.") && Has(rig, "waits", "198.51.100.") && Has(rig, "next", "198.51.100.")),
        (static rig => rig.Pool("b", "203.0.113.1").Annotate("c", "l4lb.io/load-balancer-ips", "203.0.113.1"),
            static rig => Has(rig, "c", "203.0.113.1")),
        (static rig => rig.Service("d", metadata: "\"annotations\": {\"l4lb.io/address-pool\": \"b\"}").Delete(Kind.AddressPool, "a"),
            static rig => rig.Reason("waits") == "PoolExhausted" && rig.Reason("d") == "PoolExhausted" && rig.AddressesOf("waits").Length == 0),
        (static rig => rig.Delete("c"),
            static rig => rig.Get("c") is null && new[] { "waits", "next", "d" }.Count(s => rig.AddressesOf(s) == "203.0.113.1") == 1),
        (static rig => rig.Delete("waits").Delete("next").Delete("d"),
            static rig => rig.Get("waits") is null && rig.Get("next") is null && rig.Get("d") is null),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_comes_after_a_provider_that_was_killed_finishes_what_it_began(bool before)
    {
        var kill = 1;
        while (await WasKilledAsync(kill, before))
        {
            kill++;
        }

        Assert.InRange(kill, 25, 200);
    }

    private static async Task<bool> WasKilledAsync(int kill, bool before)
    {
        await using var rig = new ProviderRig(new() { Workers = 1 });
        var (writes, killed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        rig.Spoil = async (call, answer, cancellation) =>
        {
            if (!call.IsWrite || call.IsEvent || call.Kind == Kind.AddressPool || Interlocked.Increment(ref writes) != kill)
            {
                return answer();
            }

            try
            {
                _ = before ? null : answer();
            }
            catch (ApiError)
            {
                // Somebody was faster; it dies all the same.
            }

            // Nobody hears of it, and nothing else comes from this provider.
            killed.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        };
        rig.Start();
        foreach (var (act, isDone) in s_story)
        {
            var had = Shown(rig);
            act(rig);
            await Eventually.HoldsAsync(() => isDone(rig) || killed.Task.IsCompleted, () => $"{kill}: {Describe(rig)}");
            if (killed.Task.IsCompleted && rig.Spoil is not null)
            {
                await rig.StopAsync();
                rig.Spoil = static (_, answer, _) => Task.FromResult(answer());
                had = Shown(rig);
                rig.Start();
            }

            await Eventually.HoldsAsync(() => isDone(rig), () => $"after a kill at {kill}, {(before ? "before" : "behind")} it: {Describe(rig)}");
            Assert.All(had, h => Assert.True(IsKeptOrMoved(rig, h.Key, h.Value), $"{kill}: {h.Key} had {h.Value}: {Describe(rig)}"));
        }

        return killed.Task.IsCompleted;
    }

    // Those whose pool is there still, and who did not ask for something else, have what they had.
    private static bool IsKeptOrMoved(ProviderRig rig, string service, string address) =>
        rig.Get(service) is not { } now || rig.AddressesOf(service) == address || ProviderRig.IsClean(now)
        || !Pools(rig).Any(range => address.StartsWith(range, StringComparison.Ordinal))
        || now["metadata"]!["annotations"]!["l4lb.io/load-balancer-ips"] is not null;

    private static IEnumerable<string> Pools(ProviderRig rig) => new[] { "a", "b" }.Select(name => rig.Get(Kind.AddressPool, name)).OfType<System.Text.Json.Nodes.JsonObject>()
        .Select(static pool => ((string)pool["spec"]!["addresses"]![0]!).Split('.') is [var a, var b, var c, ..] ? $"{a}.{b}.{c}." : "");

    private static Dictionary<string, string> Shown(ProviderRig rig) => rig.Store.At(null).Objects
        .Where(static o => o.Key.Kind == Kind.Service).Select(o => o.Key.Name)
        .Where(name => rig.AddressesOf(name).Length > 0).ToDictionary(static name => name, name => rig.AddressesOf(name), StringComparer.Ordinal);

    private static bool Has(ProviderRig rig, string service, string prefix) =>
        rig.AddressesOf(service).StartsWith(prefix, StringComparison.Ordinal) && (string?)rig.Condition(service)?["status"] == "True";

    private static string Describe(ProviderRig rig) =>
        string.Join('\n', rig.Store.At(null).Objects.Where(static o => o.Key.Kind == Kind.Service).Select(static o => o.Value.ToJsonString()));
}
