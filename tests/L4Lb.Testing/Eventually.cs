using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace L4Lb.Testing;

/// <summary>
/// Waits for what happens on other threads and in other processes: fast when the machine is, patient when it is not, and never
/// a guess at how long something takes.
/// </summary>
public static class Eventually
{
    /// <summary>Time that anything may take before a test fails; generous, because it is only spent on failures.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    // Whoever has to be asked has work to do for it.
    private static readonly TimeSpan s_longPause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Completes once <paramref name="condition"/> holds, and says how long that took; fails with what
    /// <paramref name="describe"/> makes of it when it never does.
    /// </summary>
    public static Task<TimeSpan> HoldsAsync(Func<bool> condition, Func<string> describe, TimeSpan? deadline = null) =>
        WaitAsync(() => Task.FromResult(condition()), s_pause, describe, deadline ?? Deadline);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, Func{string}, TimeSpan?)"/>
    public static Task<TimeSpan> HoldsAsync(Func<Task<bool>> condition, Func<string> describe, TimeSpan? deadline = null) =>
        WaitAsync(condition, s_longPause, describe, deadline ?? Deadline);

    /// <summary>Completes once it is so, and says how long that took; fails when it never is.</summary>
    /// <param name="what">What is to be, in words.</param>
    /// <param name="condition">Whether it is.</param>
    /// <param name="deadline">When it fails; <see cref="Deadline"/> by default.</param>
    public static Task<TimeSpan> HoldsAsync(string what, Func<bool> condition, TimeSpan? deadline = null) =>
        HoldsAsync(condition, () => $"not so: {what}", deadline);

    /// <inheritdoc cref="HoldsAsync(string, Func{bool}, TimeSpan?)"/>
    public static Task<TimeSpan> HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? deadline = null) =>
        HoldsAsync(condition, () => $"not so: {what}", deadline);

    /// <summary>Completes once <paramref name="read"/> yields <paramref name="expected"/>.</summary>
    public static Task<TimeSpan> EqualsAsync<T>(
        T expected, Func<T> read, [CallerArgumentExpression(nameof(read))] string what = "", TimeSpan? deadline = null) =>
        HoldsAsync(
            () => EqualityComparer<T>.Default.Equals(expected, read()),
            () => $"{what} is {read()}, not {expected}",
            deadline);

    private static async Task<TimeSpan> WaitAsync(Func<Task<bool>> condition, TimeSpan pause, Func<string> describe, TimeSpan deadline)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException($"after {deadline}: {describe()}");
            }

            await Task.Delay(pause);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
