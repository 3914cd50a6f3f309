using System.Diagnostics;

namespace L4Lb.SystemTests.Support;

/// <summary>Waits for conditions. Every wait of these tests has a deadline, and says in the end what it waited for.</summary>
internal static class Eventually
{
    /// <summary>Long enough for anything that is to happen at once, on a machine that does other things too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until <paramref name="condition"/> holds; returns how long that took.</summary>
    public static Task<TimeSpan> HoldsAsync(string what, Func<bool> condition, TimeSpan? patience = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), patience);

    /// <inheritdoc cref="HoldsAsync(string, Func{bool}, TimeSpan?)"/>
    public static async Task<TimeSpan> HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > (patience ?? Patience))
            {
                Assert.Fail($"within {patience ?? Patience}: {what}");
            }

            await Task.Delay(s_interval);
        }

        return clock.Elapsed;
    }

    /// <summary>Waits until <paramref name="read"/> answers <paramref name="expected"/>; a failure shows the last answer.</summary>
    public static async Task EqualsAsync<T>(T expected, Func<T> read, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (!Equals(expected, read()) && clock.Elapsed < (patience ?? Patience))
        {
            await Task.Delay(s_interval);
        }

        Assert.Equal(expected, read());
    }
}
