using System.Buffers.Binary;
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
    /// Points of a ring, unless it has that many for each candidate anyway: heavy weights would need millions. Beyond it
    /// every candidate gets its part of them, and the mapping is no longer nginx's.
    /// </summary>
    private const int MostPoints = 1 << 17;

    // Immutable; sorted by hash.
    private readonly uint[] _hashes;
    private readonly int[] _owners;

    /// <param name="candidates">Who gets points, by full weight.</param>
    /// <param name="pointsPerWeight">Points for each unit of weight.</param>
    internal KetamaRing(Candidate[] candidates, int pointsPerWeight)
    {
        var total = candidates.Sum(static c => (long)c.FullWeight) * pointsPerWeight;
        var part = Math.Min(1, Math.Max(MostPoints, (double)candidates.Length * pointsPerWeight) / Math.Max(total, 1));
        var points = new List<(uint Hash, int Owner)>();
        for (var i = 0; i < candidates.Length; i++)
        {
            var count = candidates[i].FullWeight == 0 ? 0 : Math.Max(1, (int)(candidates[i].FullWeight * (long)pointsPerWeight * part));
            AddPoints(points, Encoding.ASCII.GetBytes(candidates[i].Address.ToString()), i, count);
        }

        // Where two points fall together, the one of the first in the list counts.
        points.Sort();
        var distinct = points.DistinctBy(static point => point.Hash).ToArray();
        _hashes = Array.ConvertAll(distinct, static point => point.Hash);
        _owners = Array.ConvertAll(distinct, static point => point.Owner);
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

    private static void AddPoints(List<(uint, int)> points, byte[] name, int owner, int count)
    {
        var colon = name.AsSpan().LastIndexOf((byte)':');
        var start = Crc32.Update(Crc32.Start, name.AsSpan(0, colon));
        start = Crc32.Update(start, [0]);
        start = Crc32.Update(start, name.AsSpan(colon + 1));
        Span<byte> previous = stackalloc byte[sizeof(uint)];
        previous.Clear();
        for (var i = 0; i < count; i++)
        {
            var hash = Crc32.Finish(Crc32.Update(start, previous));
            points.Add((hash, owner));
            BinaryPrimitives.WriteUInt32LittleEndian(previous, hash);
        }
    }
}
