using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Sessions;

/// <summary>A backend that was taken for one session or flow, or why there is none.</summary>
/// <param name="Index">Its index in the pool; -1 for none.</param>
/// <param name="IsFull">There is none because every one that is left is full: waiting could help.</param>
/// <param name="PreferredWasFull">The one that was preferred had no room.</param>
internal readonly record struct Reservation(int Index, bool IsFull, bool PreferredWasFull)
{
    // A backend that was full once it was chosen was taken by somebody else in between: so often in a row means that
    // there is no room to speak of.
    private const int ChoicesMost = 64;

    /// <summary>Takes the next backend that has room. A full one does not count as tried: it may have room later.</summary>
    /// <param name="pool">Who may serve.</param>
    /// <param name="pick">The order to go by.</param>
    /// <param name="preferred">Who comes before all in it; -1 for nobody.</param>
    /// <param name="waits">When that one is full, nobody else will do: the client waits for its own.</param>
    /// <param name="nowMs">Now.</param>
    internal static Reservation Take(BackendPool pool, ref SchedulePick pick, int preferred, bool waits, long nowMs)
    {
        var (sawFull, preferredWasFull) = (false, false);
        for (var choices = 0; choices < ChoicesMost; choices++)
        {
            var index = preferred;
            if (index < 0 && !pick.MoveNext(nowMs, out index))
            {
                if (pick.Count < pool.Count && choices < 4 && !pool.HasOther(pick, full: true) && pool.HasOther(pick, full: false))
                {
                    // All were full a moment ago and none is now; or the scheduler does not want those that are left.
                    continue;
                }

                break;
            }

            var isPreferred = index == preferred;
            preferred = -1;
            if (pool[index].TryAcquire())
            {
                return new Reservation(index, IsFull: false, preferredWasFull);
            }

            (sawFull, preferredWasFull) = (true, preferredWasFull || isPreferred);
            pick.Withdraw(index);
            if (isPreferred && waits)
            {
                break;
            }
        }

        var isFull = pick.Count < TriedSet.Capacity && (sawFull || pool.HasOther(pick, full: true));
        return new Reservation(-1, isFull, preferredWasFull);
    }

    /// <summary>Marks backends that failed before as tried in a new pick.</summary>
    internal static void Exclude(List<Backend>? failed, BackendPool pool, ref SchedulePick pick, ref int preferred)
    {
        foreach (var backend in failed ?? [])
        {
            var index = pool.IndexOf(backend);
            if (index >= 0 && pool.IsEligible(index))
            {
                pick.Prefer(index);
            }

            // Even one that drains, which the pick does not count.
            preferred = preferred == index ? -1 : preferred;
        }
    }
}
