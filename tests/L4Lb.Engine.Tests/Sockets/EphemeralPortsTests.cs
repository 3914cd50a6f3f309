using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Sockets;

public sealed class EphemeralPortsTests
{
    [Theory]
    [InlineData("32768\t60999\n", 28232)]
    [InlineData("1024 1024", 1)]
    [InlineData("", 28232)]
    [InlineData("5 3", 28232)]
    [InlineData("one two", 28232)]
    public void Counts_both_ends(string range, int expected) => Assert.Equal(expected, EphemeralPorts.Count(range));

    [Fact]
    public void Reads_those_of_this_machine() => Assert.InRange(EphemeralPorts.Count(), 1, 65535);
}
