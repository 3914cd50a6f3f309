using System.Buffers;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>The form of the access log's lines. Used by one thread.</summary>
internal interface IAccessLines
{
    /// <summary>Writes the line of <paramref name="session"/>, with its end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="session">The session or flow.</param>
    /// <param name="weight">How many like it the line stands for.</param>
    void Write(IBufferWriter<byte> output, in SessionRecord session, long weight);
}
