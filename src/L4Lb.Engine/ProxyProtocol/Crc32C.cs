using System.Numerics;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>The cyclic redundancy check with Castagnoli's polynomial, as SCTP has it (RFC 4960, appendix B).</summary>
internal struct Crc32C()
{
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of everything appended.</summary>
    internal readonly uint Value => ~_state;

    /// <summary>Goes on with <paramref name="bytes"/>.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _state = BitOperations.Crc32C(_state, value);
        }
    }
}
