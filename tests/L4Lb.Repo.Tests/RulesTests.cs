namespace L4Lb.Repo.Tests;

public sealed class RulesTests
{
    public static TheoryData<string> Names => [.. Rules.All.Select(rule => rule.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_repository_keeps(string rule)
    {
        string[] breaches = [.. Find(rule).Breaches(Repository.Sources)];

        Assert.True(breaches.Length == 0, $"{rule}:\n{string.Join('\n', breaches)}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Can_be_broken(string rule) => Assert.Single(Find(rule).Breaches([Find(rule).Counterexample]));

    [Theory]
    [InlineData("src/L4Lb.Engine/A.cs", "_ = ThreadPool.QueueUserWorkItem(x);")]
    [InlineData("src/L4Lb.Engine/A.cs", "task.Wait();")]
    [InlineData("src/L4Lb.Host/A.cs", "task.GetAwaiter().GetResult();")]
    [InlineData("src/L4Lb.Engine/Sockets/A.cs", "[DllImport(\"libc\")]")]
    [InlineData("src/L4Lb.Engine/Sockets/A.cs", "Engine.Runtime.Service x;")]
    [InlineData("src/L4Lb.Engine/Sockets/A.cs", "using Service = L4Lb.Engine.Runtime.Service;")]
    [InlineData("src/L4Lb.Engine/Unheard/A.cs", "")]
    [InlineData("src/L4Lb.K8s/A.cs", "using L4Lb.Engine;")]
    [InlineData("tests/X/A.cs", "/* FIXME */")]
    public void Are_broken_by(string path, string text) => Assert.Single(Breaches(path, text));

    [Theory]
    [InlineData("src/L4Lb.Engine/A.cs", "// Not Task.Run(x), and not task.Result")]
    [InlineData("src/L4Lb.Engine/A.cs", "/* new Random(\n Thread.Sleep( */")]
    [InlineData("src/L4Lb.Engine/A.cs", "var text = \"Thread.Sleep(\\\" new Random(\";")]
    [InlineData("src/L4Lb.Engine/A.cs", "var text = $\"new Random( {x} Thread.Sleep(\";")]
    [InlineData("src/L4Lb.Engine/A.cs", "var text = \"\"\"\n \"new Random(\" \n\"\"\";")]
    [InlineData("src/L4Lb.Engine/A.cs", "var path = @\"c:\\\"; var text = \"new Random(\";")]
    [InlineData("src/L4Lb.Engine/A.cs", "var quote = '\"'; // new Random(")]
    [InlineData("src/L4Lb.Engine/A.cs", "using L4Lb.Engine.Sessions;")]
    [InlineData("src/L4Lb.Engine/A.cs", "public IoResult Result { get; }")]
    [InlineData("src/L4Lb.Engine/Interop/A.cs", "[LibraryImport(\"libc\")]")]
    [InlineData("src/L4Lb.Engine/Sessions/A.cs", "using L4Lb.Engine.Runtime;")]
    [InlineData("src/L4Lb.K8s/A.cs", "using L4Lb.Engine.Desired;")]
    [InlineData("src/L4Lb.Host/A.cs", "Console.WriteLine(1);")]
    [InlineData("tests/X/A.cs", "Thread.Sleep(1); var dice = new Random(1);")]
    public void Are_kept_by(string path, string text) => Assert.Empty(Breaches(path, text));

    [Fact]
    public void Code_after_a_literal_is_still_code() =>
        Assert.Single(Breaches("src/L4Lb.Engine/A.cs", "var c = '\"'; Thread.Sleep(1); // \""));

    [Fact]
    public void A_breach_is_told_with_file_line_and_remedy() => Assert.Equal(
        ["src/L4Lb.Host/A.cs:2: await it"], Breaches("src/L4Lb.Host/A.cs", "a();\nb().Wait();"));

    [Fact]
    public void The_table_of_layers_names_only_folders_that_it_has() => Assert.Empty(Layers.UnknownFolders);

    [Fact]
    public void The_repository_is_found() => Assert.NotEmpty(Repository.Sources);

    private static Rule Find(string name) => Rules.All.Single(rule => rule.Name == name);

    private static IEnumerable<string> Breaches(string path, string text) =>
        Rules.All.SelectMany(rule => rule.Breaches([new SourceFile(path, text)]));
}
