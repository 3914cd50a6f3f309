using L4Lb.Engine.Desired;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Replay;

/// <summary>Makes traces of what logs have.</summary>
public static class RecordedTrace
{
    /// <summary>The requests that <paramref name="sessions"/> were.</summary>
    /// <param name="sessions">At least one, in the order of their beginnings, which the trace keeps.</param>
    public static Trace Of(IReadOnlyList<LoggedSession> sessions)
    {
        var (start, numbers) = (sessions[0].AcceptedTicks, new Dictionary<UInt128, int>());
        var (times, work) = (new double[sessions.Count], new double[sessions.Count]);
        var (addresses, clients) = (new AddressKey[sessions.Count], new int[sessions.Count]);
        for (var i = 0; i < sessions.Count; i++)
        {
            var session = sessions[i];
            times[i] = (session.AcceptedTicks - start) / (double)TimeSpan.TicksPerSecond;
            work[i] = WorkOf(session);
            addresses[i] = session.Client;
            numbers.TryAdd(session.Client.Address, numbers.Count);
            clients[i] = numbers[session.Client.Address];
        }

        return new Trace(times, work, addresses, clients);
    }

    /// <summary>All its time but that in the queue, which is the scheduler's doing.</summary>
    internal static double WorkOf(in LoggedSession session) => Math.Max(session.Total - session.Queued, 0);
}
