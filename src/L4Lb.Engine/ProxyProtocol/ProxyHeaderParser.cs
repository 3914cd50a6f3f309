using System.Buffers;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>
/// Reads a PROXY protocol header of either version, which their first bytes tell apart, from however much of a
/// connection is there. Pure; allocates for TLVs alone, and nothing before the header is whole.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>Reads the header at the beginning of <paramref name="bytes"/>; whatever follows it is not looked at.</summary>
    internal static ProxyHeaderResult Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return Read(bytes.FirstSpan);
        }

        Span<byte> joined = stackalloc byte[(int)Math.Min(bytes.Length, ProxyHeader.MostBytesV2)];
        bytes.Slice(0, joined.Length).CopyTo(joined);
        return Read(joined);
    }

    /// <summary>
    /// The same in the terms of a <see cref="System.IO.Pipelines.PipeReader"/>: nothing is consumed before the header is
    /// whole, and all that is there has been examined then.
    /// </summary>
    internal static ProxyHeaderResult Read(
        in ReadOnlySequence<byte> bytes, out SequencePosition consumed, out SequencePosition examined)
    {
        var result = Read(bytes);
        var isDone = result.Status == ProxyHeaderStatus.Done;
        consumed = isDone ? bytes.GetPosition(result.Length) : bytes.Start;
        examined = isDone ? consumed : bytes.End;
        return result;
    }

    /// <summary>The same of contiguous bytes.</summary>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ProxyHeaderResult.NeedMore;
        }

        return bytes[0] == ProxyHeaderV2.Signature[0] ? ProxyHeaderV2.Read(bytes) : ProxyHeaderV1.Read(bytes);
    }

    /// <summary>Whether <paramref name="bytes"/> begin with <paramref name="signature"/>, as far as they go.</summary>
    internal static bool MayBegin(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        bytes.Length < signature.Length ? signature.StartsWith(bytes) : bytes.StartsWith(signature);
}
