using System.Diagnostics;

namespace L4Lb.Testing;

/// <summary>
/// Waits for what happens on other threads: fast when the machine is, patient when it is not, and never a guess at how
/// long something takes.
/// </summary>
public static class Eventually
{
    /// <summary>Time that anything may take before a test fails; generous, because it is only spent on failures.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(2);

    /// <summary>Completes once <paramref name="condition"/> holds; fails with <paramref name="describe"/> when it never does.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> describe, TimeSpan? deadline = null)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(s_interval);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (deadline ?? Deadline))
            {
                throw new TimeoutException($"after {deadline ?? Deadline}: {describe()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Completes once <paramref name="read"/> yields <paramref name="expected"/>.</summary>
    public static Task EqualsAsync<T>(T expected, Func<T> read, string what) =>
        HoldsAsync(
            () => EqualityComparer<T>.Default.Equals(expected, read()),
            () => $"{what} is {read()}, not {expected}");
}
