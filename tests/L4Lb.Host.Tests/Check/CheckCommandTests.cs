using L4Lb.Engine.Desired;
using L4Lb.Host.Check;
using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Running;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Check;

public class CheckCommandTests
{
    [Fact]
    public void Nothing_to_say_is_done() => Assert.Equal((ExitCode.Done, ""), Check(new(Of(), [])));

    [Fact]
    public void Warnings_alone_are_done() => Assert.Equal(
        (ExitCode.Done, "a.yaml:4: warning: odd\n"), Check(new(Of(), [FakeSource.Warning("odd")])));

    [Fact]
    public void Every_error_is_a_line() => Assert.Equal(
        (ExitCode.Failed, "a.yaml:3: spec.ports: bad\na.yaml:4: warning: odd\n"),
        Check(new(null, [FakeSource.Error("bad"), FakeSource.Warning("odd")])));

    [Fact]
    public void What_the_engine_would_refuse_is_an_error()
    {
        var service = Service("web") with { Scheduler = new SchedulerSpec("best") };

        var (code, output) = Check(new(Of(service), []));

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("default/web:http scheduler: unknown scheduler \"best\"", output);
    }

    private static (int Code, string Output) Check(LoadResult loaded)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = CheckCommand.Run(new FakeSource { Next = loaded }, output);
        return (code, output.ToString());
    }
}
