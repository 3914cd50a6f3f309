using System.Collections.Concurrent;
using L4Lb.K8s.Controllers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Controllers;

/// <summary>Several workers and several threads that add, all at once.</summary>
public sealed class WorkQueueStressTests
{
    private const int Keys = 50;
    private const int Workers = 8;
    private const int Adders = 4;
    private const int Rounds = 20_000;

    private readonly WorkQueue<int> _queue = new(TimeProvider.System, static () => 0);
    private readonly int[] _wanted = new int[Keys];
    private readonly int[] _seen = new int[Keys];
    private readonly int[] _working = new int[Keys];
    private int _collisions;
    private int _turns;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_key_is_with_two_workers_and_nothing_is_lost(bool closesWhileBusy)
    {
        var workers = Enumerable.Range(0, Workers).Select(n => Task.Run(() => WorkAsync(new(n)))).ToArray();
        var adders = Enumerable.Range(0, Adders).Select(n => Task.Run(() => Add(new(100 + n)))).ToArray();
        await Task.WhenAll(adders);
        if (!closesWhileBusy)
        {
            // Whatever was wanted before a key was added is seen by whoever works on it afterwards.
            await Eventually.HoldsAsync(() => _wanted.AsSpan().SequenceEqual(Snapshot(_seen)), () => "a key was lost");
        }
        else
        {
            // Delays are dropped by closing; so what counts is added once more.
            for (var key = 0; key < Keys; key++)
                _queue.Add(key);
        }

        await _queue.CloseAsync().WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await Task.WhenAll(workers).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(_wanted, _seen);
        Assert.Equal(0, _collisions);
        Assert.All(_working, static w => Assert.Equal(0, w));

        // Keys were folded together, or nothing of this was tried.
        Assert.InRange(_turns, Keys, Adders * Rounds);
    }

    [Fact]
    public async Task Delayed_keys_come_once_each_in_time_whoever_reads()
    {
        var taken = new ConcurrentBag<int>();
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            await foreach (var key in _queue.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                taken.Add(key);
                _queue.Done(key);
            }
        })).ToArray();
        Parallel.For(0, 4 * 1000, n =>
        {
            // Four times each, in any order: the shortest counts, and it has not passed before the last is asked for.
            _queue.AddAfter(n % 1000, TimeSpan.FromSeconds(1 + (n / 1000)));
        });
        await Eventually.EqualsAsync(1000, () => taken.Count, "keys");
        await _queue.CloseAsync().WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await Task.WhenAll(workers);
        Assert.Equal(Enumerable.Range(0, 1000), taken.Order());
    }

    private void Add(Random random)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var key = random.Next(Keys);
            Interlocked.Increment(ref _wanted[key]);
            if (random.Next(20) == 0)
                _queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)));

            _queue.Add(key);
        }
    }

    private async Task WorkAsync(Random random)
    {
        await foreach (var key in _queue.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (Interlocked.Exchange(ref _working[key], 1) != 0)
                Interlocked.Increment(ref _collisions);

            Interlocked.Increment(ref _turns);
            Volatile.Write(ref _seen[key], Volatile.Read(ref _wanted[key]));
            if (random.Next(4) == 0)
                await Task.Yield();

            if (random.Next(200) == 0)
                _queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)));

            Volatile.Write(ref _working[key], 0);
            _queue.Done(key);
        }
    }

    private static int[] Snapshot(int[] values)
    {
        var copy = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
            copy[i] = Volatile.Read(ref values[i]);

        return copy;
    }
}
