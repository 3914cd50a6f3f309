using System.Text;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The ring of <c>ring</c>: for each unit of weight some points at hashes of the candidate's name, sorted. The points are
/// those of nginx's <c>hash … consistent</c> and of Cache::Memcached::Fast: crc32(host, 0, port, previous hash), the first
/// with a previous hash of 0 (nginx src/stream/ngx_stream_upstream_hash_module.c). Immutable.
/// </summary>
internal sealed class KetamaRing
{
    /// <summary>nginx's number.</summary>
    internal const int StandardPoints = 160;

    /// <summary>
    /// Points of a ring, or 160 for each candidate when that is more: heavy weights would need hundreds of millions. Beyond
    /// it every candidate gets its part of so many, and the mapping is no longer nginx's. They take 4 MiB.
    /// </summary>
    internal const int MostPoints = 1 << 19;

    // Immutable; sorted by hash.
    private readonly uint[] _hashes;
    private readonly int[] _owners;

    /// <param name="candidates">Who gets points, by full weight.</param>
    /// <param name="pointsPerWeight">Points for each unit of weight.</param>
    internal KetamaRing(Candidate[] candidates, int pointsPerWeight)
    {
        // Where two points fall together, the lesser address has it: the ring does not depend on the order of the list.
        int[] members =
        [
            .. from i in Enumerable.Range(0, candidates.Length)
               where candidates[i].FullWeight > 0
               orderby candidates[i].Address.Address, candidates[i].Address.Port
               select i,
        ];
        var counts = CountPoints([.. members.Select(i => candidates[i].FullWeight)], pointsPerWeight);
        var points = new RingPoint[counts.Sum()];
        var rest = points.AsSpan();
        for (var i = 0; i < members.Length; i++)
        {
            SetPoints(rest[..counts[i]], candidates[members[i]], members[i]);
            rest = rest[counts[i]..];
        }

        RingPoint.Sort(ref points);
        (_hashes, _owners) = Split(points);
    }

    /// <summary>Number of points.</summary>
    internal int Count => _hashes.Length;

    /// <summary>The candidate of point <paramref name="point"/>.</summary>
    internal int OwnerOf(int point) => _owners[point];

    /// <summary>The first point at or after <paramref name="hash"/>, once around.</summary>
    internal int PointAt(uint hash)
    {
        var hashes = _hashes;
        int low = 0, high = hashes.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = hashes[middle] < hash ? (middle + 1, high) : (low, middle);
        }

        return low == hashes.Length ? 0 : low;
    }

    private static int[] CountPoints(int[] weights, int pointsPerWeight)
    {
        var total = weights.Sum(static weight => (long)weight) * pointsPerWeight;
        var most = Math.Max(MostPoints, (long)weights.Length * StandardPoints);
        return Array.ConvertAll(weights, weight => total <= most
            ? weight * pointsPerWeight
            : (int)Math.Max(1, (long)weight * pointsPerWeight * most / total));
    }

    private static void SetPoints(Span<RingPoint> points, in Candidate candidate, int owner)
    {
        var name = Encoding.ASCII.GetBytes(candidate.Address.ToString());
        var colon = name.AsSpan().LastIndexOf((byte)':');
        var start = Crc32.Update(Crc32.Start, name.AsSpan(0, colon));
        start = Crc32.Update(start, [0]);
        start = Crc32.Update(start, name.AsSpan(colon + 1));
        var hash = 0u;
        for (var i = 0; i < points.Length; i++)
        {
            hash = Crc32.Finish(Crc32.UpdateWord(start, hash));
            points[i] = new RingPoint(hash, owner);
        }
    }

    /// <summary>The hashes and the owners of sorted points; of those that fall together the first counts.</summary>
    private static (uint[] Hashes, int[] Owners) Split(RingPoint[] points)
    {
        var (hashes, owners) = (new uint[points.Length], new int[points.Length]);
        var count = 0;
        foreach (var point in points)
        {
            if (count == 0 || hashes[count - 1] != point.Hash)
            {
                (hashes[count], owners[count]) = (point.Hash, point.Owner);
                count++;
            }
        }

        return count == points.Length ? (hashes, owners) : (hashes[..count], owners[..count]);
    }
}
