using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Health.Probes;

/// <summary>
/// A backend is well for which a program ends with 0. The program runs without a shell, in a process group of its own,
/// with nothing of our environment but PATH, and is killed with its group at the deadline.
/// </summary>
internal sealed class ExecProbe(ProbeSpec spec) : IProbe
{
    // The kernel tells of an ended child by a signal that belongs to the runtime. Looking is cheap, since few programs run
    // at a time, and ever rarer, since most are short.
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromMilliseconds(20);

    // A killed process goes at once, unless the kernel holds it in a call; then it must not hold us too.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        var error = ChildProcess.Spawn([.. spec.Command], Environment(target), out var id);
        if (error is Errno.EAGAIN or Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE)
        {
            return new ProbeResult(ProbeOutcome.Unknown, CheckCode.SOCKERR, LastError.Describe(error));
        }

        if (error != Errno.None)
        {
            return ProbeResult.Failed(CheckCode.PROCERR, $"{spec.Command[0]}: {LastError.Describe(error)}");
        }

        if (await WaitAsync(id, deadline) is { } status)
        {
            return status switch
            {
                0 => ProbeResult.Passed(CheckCode.PROCOK),
                ChildProcess.Unknown => new ProbeResult(ProbeOutcome.Unknown, CheckCode.SOCKERR, "nobody knows how it ended"),
                _ => ProbeResult.Failed(CheckCode.PROCERR, $"exit code {status}"),
            };
        }

        ChildProcess.KillGroup(id);
        using var patience = new CancellationTokenSource(s_patience);
        _ = await WaitAsync(id, patience.Token);
        return ProbeResult.Failed(CheckCode.PROCTOUT);
    }

    private static string[] Environment(ProbeTarget target) =>
    [
        $"PATH={System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin"}",
        $"L4LB_BACKEND_ADDRESS={target.Address.Address}",
        $"L4LB_BACKEND_PORT={target.Address.Port}",
        $"L4LB_BACKEND_SERVICE={target.Service}",
    ];

    /// <summary>The exit code; null when the program still runs at <paramref name="deadline"/>.</summary>
    private static async Task<int?> WaitAsync(int id, CancellationToken deadline)
    {
        for (var look = s_firstLook; ; look = look * 2 < s_longestLook ? look * 2 : s_longestLook)
        {
            if (ChildProcess.TryWait(id, out var status))
            {
                return status;
            }

            if (deadline.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(look, deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
