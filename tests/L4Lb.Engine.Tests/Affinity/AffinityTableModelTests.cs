using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Affinity;

/// <summary>Random operations against a list in order of use, which is too simple to be wrong.</summary>
public sealed class AffinityTableModelTests
{
    private const long TimeoutMs = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Agrees_with_a_list(int seed)
    {
        var random = new Random(seed);
        var maxEntries = random.Next(1, 40);
        var table = new AffinityTable(maxEntries, TimeoutMs, (ulong)seed);
        var model = new List<(UInt128 Client, AddressKey Backend, long UsedMs)>();
        var nowMs = 0L;

        for (var step = 0; step < 20_000; step++)
        {
            nowMs += random.Next(10) == 0 ? random.Next(30) : random.Next(2);
            model.RemoveAll(entry => entry.UsedMs <= nowMs - TimeoutMs);
            var client = (UInt128)random.Next(60) << random.Next(2) * 64;
            var known = model.FindIndex(entry => entry.Client == client);
            switch (random.Next(20))
            {
                case < 10:
                    Assert.Equal(known >= 0, table.TryFind(client, nowMs, out var found));
                    if (known >= 0)
                    {
                        Assert.Equal(model[known].Backend, found);
                        Use(model, known, client, found, nowMs);
                    }

                    break;

                case < 17:
                    var backend = AddressKey.FromIPv4((uint)random.Next(5), 80);
                    table.Remember(client, backend, nowMs);
                    Use(model, known, client, backend, nowMs);
                    break;

                case 17:
                    Assert.Equal(known >= 0, table.TryFind(client, nowMs, out _) && table.Forget(client));
                    model.RemoveAll(entry => entry.Client == client);
                    break;

                case 18:
                    Assert.Equal(model.Count, table.Count(nowMs));
                    break;

                default:
                    maxEntries = random.Next(1, 40);
                    table.Resize(maxEntries);
                    break;
            }

            model.RemoveRange(0, Math.Max(0, model.Count - maxEntries));
            if (step % 50 == 0)
            {
                Assert.Equal(
                    model.Select(entry => new AffinityEntry(entry.Client, entry.Backend, entry.UsedMs)).Reverse(),
                    table.Snapshot(nowMs));
            }
        }
    }

    [Fact]
    public async Task Serves_eight_threads_while_it_is_resized()
    {
        var table = new AffinityTable(20_000, TimeoutMs, seed: 1);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                for (var i = 0; i < 20_000; i++)
                {
                    // A backend tells its client, so a mixed-up entry would show.
                    var client = (UInt128)random.Next(5_000);
                    if (table.TryFind(client, i / 100, out var backend))
                    {
                        Assert.Equal(client, backend.Address);
                    }

                    table.Remember(client, new AddressKey(client, 80), i / 100);
                    if (i % 2_000 == thread)
                    {
                        table.Resize(random.Next(500, 20_000));
                        table.Sweep(i / 100, maxEntries: 100);
                    }
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.InRange(table.Count(nowMs: 200), 1, table.MaxEntries);
        Assert.Equal(0, table.Count(nowMs: 200 + TimeoutMs));
    }

    private static void Use(
        List<(UInt128 Client, AddressKey Backend, long UsedMs)> model, int known, UInt128 client, AddressKey backend, long nowMs)
    {
        if (known >= 0)
        {
            model.RemoveAt(known);
        }

        model.Add((client, backend, nowMs));
    }
}
