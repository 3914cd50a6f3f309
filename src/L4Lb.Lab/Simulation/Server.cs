using L4Lb.Engine.Desired;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Simulation;

/// <summary>A backend as it really is, whoever believes what of it: workers, and a queue before them. For one thread.</summary>
internal sealed class Server
{
    private const uint FirstAddress = 0x6440_0000; // 100.64.0.0/10, RFC 6598

    internal Server(int id, BackendGroup group, int number)
    {
        (Id, Group, Name) = (id, group, $"{group.Name}-{number}");
        Address = AddressOf(id);
        Spec = new BackendSpec { Address = Address.ToIPEndPoint(), Weight = group.Weight };
        Cache = group.Cache is { } cache ? new int[cache.Entries] : null;
    }

    /// <summary>The address of the server <paramref name="id"/>.</summary>
    internal static AddressKey AddressOf(int id) => AddressKey.FromIPv4(FirstAddress + (uint)id, 80);

    /// <summary>The server at <paramref name="address"/>.</summary>
    internal static int IdOf(in AddressKey address) => (int)((uint)address.Address - FirstAddress);

    internal int Id { get; }

    internal BackendGroup Group { get; }

    internal string Name { get; }

    internal AddressKey Address { get; }

    internal BackendSpec Spec { get; }

    /// <summary>The client in each place of its cache, plus 1; null without a cache.</summary>
    internal int[]? Cache { get; }

    /// <summary>It belongs to the service.</summary>
    internal bool IsPresent;

    /// <summary>Times that it left.</summary>
    internal int Leaves;

    /// <summary>Everything takes so many times as long.</summary>
    internal double Slowness = 1;

    /// <summary>Faults now that slow it, and that stop its world.</summary>
    internal int Slowed, Paused;

    /// <summary>When the pause that is now ends.</summary>
    internal long PausedUntil;

    /// <summary>How it is down; null while it is not.</summary>
    internal CrashWay? Crash;

    /// <summary>Requests whose connect was accepted and has not ended.</summary>
    internal int Connecting;

    /// <summary>Requests there, waiting and served.</summary>
    internal int Count;

    /// <summary>Requests served now: the first of <see cref="Serving"/>.</summary>
    internal int Busy;

    /// <summary>Who is served, in no order.</summary>
    internal int[] Serving = new int[1];

    /// <summary>Who waits, as a list of requests; -1 for nobody.</summary>
    internal int First = -1, Last = -1;

    /// <summary>What was measured of it.</summary>
    internal ServerMeasure Measure;

    /// <summary>Seconds of work that a second does; 0 while nothing happens.</summary>
    internal double Rate => Paused > 0 || Crash is not null ? 0 : 1 / Slowness;

    /// <summary>How a connect would be answered now.</summary>
    internal ConnectAnswer Answer => Crash switch
    {
        CrashWay.Refuses => ConnectAnswer.Refused,
        CrashWay.Hangs => ConnectAnswer.None,
        _ => Group.Queue is { } most && Count + Connecting >= most + Group.Workers ? ConnectAnswer.Refused : ConnectAnswer.Accepted,
    };

    /// <summary>Whether a request of <paramref name="client"/> finds what it needs; it does from now on.</summary>
    internal bool Remembers(int client)
    {
        ref var place = ref Cache![(int)(Workload.Dice.Mix((ulong)client) % (ulong)Cache.Length)];
        var found = place == client + 1;
        place = client + 1;
        return found;
    }

    /// <summary>Takes a request for one of the workers.</summary>
    internal int AddServing(int slot)
    {
        if (Busy == Serving.Length)
        {
            Array.Resize(ref Serving, Math.Min(Busy * 2, Group.Workers));
        }

        Serving[Busy] = slot;
        return Busy++;
    }

    /// <summary>Takes a fault or its end. False, and nothing was done, when the step is about belonging to the service.</summary>
    internal bool Take(in FaultStep step, long now)
    {
        switch (step.Kind)
        {
            case FaultKind.Slow:
                (Slowness, Slowed) = (Slowness * step.Value, Slowed + 1);
                break;
            case FaultKind.NoLongerSlow:
                Slowness = --Slowed == 0 ? 1 : Slowness / step.Value;
                break;
            case FaultKind.Pause:
                Paused++;
                PausedUntil = Math.Max(PausedUntil, now + VirtualTime.Of(step.Value));
                break;
            case FaultKind.Resume:
                Paused--;
                break;
            case FaultKind.Refuse:
                Crash = CrashWay.Refuses;
                break;
            case FaultKind.Hang:
                Crash = CrashWay.Hangs;
                break;
            case FaultKind.Recover:
                Crash = null;
                break;
            default:
                return false;
        }

        return true;
    }
}

/// <summary>How a connect is answered.</summary>
internal enum ConnectAnswer
{
    /// <summary>By success.</summary>
    Accepted,

    /// <summary>By a reset.</summary>
    Refused,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What is counted of a server in measured time; times in virtual nanoseconds. A mutable struct that lives in a field.</summary>
internal struct ServerMeasure
{
    internal long Since;
    internal long Given, GivenInStep, Failed;
    internal double Queue, BusyTime;
    internal long PresentTime;
    internal int Most;
}
