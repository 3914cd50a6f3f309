using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Weights and drains that are set while clients keep coming.</summary>
public sealed class WeightTests
{
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Weights_set_at_run_time_shift_the_shares_at_once_and_survive_a_reload()
    {
        await using var web = await ThreeBackends.StartAsync(("scheduler", "wrr"));
        await using var load = new Load(web);

        Assert.Equal(HttpStatusCode.OK, await web.L4Lb.AdminAsync(HttpMethod.Put, Path(web, 0, "weight"), new { weight = 8 }));
        await SharesAsync(load, [0.8, 0.1, 0.1]);

        await web.L4Lb.ReloadAsync();
        await SharesAsync(load, [0.8, 0.1, 0.1]);

        Assert.Equal(HttpStatusCode.OK, await web.L4Lb.AdminAsync(HttpMethod.Post, Path(web, 0, "drain")));
        await SharesAsync(load, [0, 0.5, 0.5]);
        Assert.Equal(HttpStatusCode.OK, await web.L4Lb.AdminAsync(HttpMethod.Post, Path(web, 0, "enable")));
        await SharesAsync(load, [0.8, 0.1, 0.1]);
    }

    /// <summary>What else the machine does only ever adds time, so that the best of a few tells.</summary>
    [Fact]
    public async Task Weights_of_a_changed_manifest_shift_the_shares_within_a_second()
    {
        await using var web = await ThreeBackends.StartAsync(("scheduler", "wrr"));
        await using var load = new Load(web);
        await SharesAsync(load, [1 / 3.0, 1 / 3.0, 1 / 3.0]);

        var took = new List<TimeSpan>();
        foreach (var weights in new[] { (1, 2, 7), (7, 1, 2), (2, 7, 1) })
        {
            var clock = Stopwatch.StartNew();
            web.WriteManifest(("scheduler", "wrr"), ("weights", $"127.0.0.11={weights.Item1},127.0.0.12={weights.Item2},127.0.0.13={weights.Item3}"));
            await web.L4Lb.WaitForLogAsync("is in force (changed files)", took.Count + 1);
            took.Add(clock.Elapsed);

            await SharesAsync(load, [weights.Item1 / 10.0, weights.Item2 / 10.0, weights.Item3 / 10.0]);
        }

        Assert.True(took.Min() < s_atMost, string.Join(", ", took));
    }

    private static string Path(ThreeBackends web, int backend, string what) =>
        $"/api/v1/services/default/web/backends/{web.EndPoints[backend]}/{what}";

    /// <summary>The shares of what comes from now on are right.</summary>
    private static async Task SharesAsync(Load load, double[] shares)
    {
        var counts = await load.CountAsync(400);
        for (var i = 0; i < shares.Length; i++)
        {
            Assert.InRange(counts[i] / 400.0, shares[i] - 0.03, shares[i] + 0.03);
        }
    }

    /// <summary>A client that asks again and again until it is disposed.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Lock _lock = new();
        private readonly List<string> _answers = [];
        private readonly Task _asking;

        public Load(ThreeBackends web) => _asking = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                var answer = await web.AskAsync();
                lock (_lock)
                {
                    _answers.Add(answer);
                }
            }
        });

        /// <summary>Who answers the next <paramref name="requests"/>.</summary>
        public async Task<int[]> CountAsync(int requests)
        {
            lock (_lock)
            {
                _answers.Clear();
            }

            await Eventually.HoldsAsync(
                $"{requests} answers",
                () =>
                {
                    Assert.False(_asking.IsFaulted, _asking.Exception?.ToString());
                    lock (_lock)
                    {
                        return _answers.Count >= requests;
                    }
                });
            lock (_lock)
            {
                var counted = _answers.Take(requests).CountBy(a => a).ToDictionary();
                return [.. Enumerable.Range(11, 3).Select(i => counted.GetValueOrDefault($"127.0.0.{i}"))];
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _asking;
            _stop.Dispose();
        }
    }
}
