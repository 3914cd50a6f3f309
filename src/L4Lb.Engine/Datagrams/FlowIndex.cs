using System.Security.Cryptography;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Client and address → flow, chained through the flows themselves. The hash is keyed with secrets, since clients choose
/// their ports and, by lying, their addresses: without them they could make one chain of all. Each factor of a product
/// needs one: whoever knows a factor makes it zero, and then nothing is left of the other. Single-threaded.
/// </summary>
internal sealed class FlowIndex
{
    private const int BucketsLeast = 256;

    private readonly ulong _secret = NewSecret();
    private readonly ulong _otherSecret = NewSecret();
    private Flow?[] _buckets = new Flow?[BucketsLeast];

    internal int Count { get; private set; }

    /// <summary>Buckets that there is memory for.</summary>
    internal int Room => _buckets.Length;

    internal Flow? Find(in FlowKey key)
    {
        var flow = _buckets[BucketOf(key)];
        while (flow is not null && flow.Key != key)
        {
            flow = flow.NextInBucket;
        }

        return flow;
    }

    /// <summary>Adds a flow whose key is not there yet.</summary>
    internal void Add(Flow flow)
    {
        if (Count >= _buckets.Length)
        {
            Resize(_buckets.Length * 2);
        }

        Link(flow);
        Count++;
    }

    /// <summary>Removes a flow that is there. A table that a flood has blown up shrinks again.</summary>
    internal void Remove(Flow flow)
    {
        ref var link = ref _buckets[BucketOf(flow.Key)];
        while (link != flow)
        {
            link = ref link!.NextInBucket;
        }

        link = flow.NextInBucket;
        flow.NextInBucket = null;
        Count--;
        if (_buckets.Length > BucketsLeast && Count < _buckets.Length / 8)
        {
            Resize(_buckets.Length / 4);
        }
    }

    private void Link(Flow flow)
    {
        ref var bucket = ref _buckets[BucketOf(flow.Key)];
        flow.NextInBucket = bucket;
        bucket = flow;
    }

    private void Resize(int buckets)
    {
        var old = _buckets;
        _buckets = new Flow?[Math.Max(buckets, BucketsLeast)];
        foreach (var first in old)
        {
            for (var flow = first; flow is not null;)
            {
                var next = flow.NextInBucket;
                Link(flow);
                flow = next;
            }
        }
    }

    private int BucketOf(in FlowKey key)
    {
        var ports = ((ulong)key.Client.Port << 32) | key.Listen.Port;
        var hash = Mix(_secret ^ (ulong)key.Client.Address, _otherSecret ^ (ulong)(key.Client.Address >> 64) ^ ports);
        hash = Mix(hash ^ (ulong)key.Listen.Address, _otherSecret ^ (ulong)(key.Listen.Address >> 64));
        return (int)(hash & (ulong)(_buckets.Length - 1));
    }

    /// <summary>Both halves of a 128-bit product, folded (the mixing step of wyhash).</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private static ulong NewSecret() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
