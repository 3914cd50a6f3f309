using L4Lb.K8s.Allocation;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Tests.Allocation;

public sealed class AllocationStoreTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"l4lb-{Guid.NewGuid():N}");
    private readonly List<Diagnostic> _diagnostics = [];

    private string FilePath => Path.Combine(_directory, "allocations.json");

    [Fact]
    public void What_was_written_is_read_again()
    {
        Assert.Null(new AllocationStore(_directory).Save(Book()));
        var book = new AllocationStore(_directory).Load(_diagnostics);

        Assert.Equal(Book(), book);
        Assert.Empty(_diagnostics);
        Assert.Equal(["allocations.json"], Directory.GetFiles(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public void The_file_is_left_alone_when_nothing_changed()
    {
        var store = new AllocationStore(_directory);
        Assert.Null(store.Save(AllocationBook.Empty));
        Assert.False(Directory.Exists(_directory));

        store.Save(Book());
        File.Delete(FilePath);
        store.Save(Book());
        Assert.False(File.Exists(FilePath));
        store.Save(AllocationBook.Empty);
        Assert.True(File.Exists(FilePath));
    }

    [Theory]
    [InlineData("{ \"version\": 1, \"serv")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"version\": 2, \"services\": {} }")]
    [InlineData("{ \"version\": 1 }")]
    public void A_file_that_makes_no_sense_is_set_aside(string text)
    {
        Directory.CreateDirectory(_directory);
        for (var i = 0; i < 2; i++)
        {
            File.WriteAllText(FilePath, text);
            Assert.Empty(new AllocationStore(_directory).Load(_diagnostics).Services);
        }

        Assert.All(_diagnostics, static d => Assert.Equal(Severity.Warning, d.Severity));
        Assert.Contains($"set aside as {FilePath}.corrupt.", _diagnostics[0].Message, StringComparison.Ordinal);
        Assert.Contains($"set aside as {FilePath}.corrupt2.", _diagnostics[1].Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
        Assert.Equal(text, File.ReadAllText($"{FilePath}.corrupt2"));
    }

    [Fact]
    public void Entries_without_fields_are_harmless()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(FilePath, "{ \"version\": 1, \"services\": { \"default/a\": {}, \"default/b\": null, \"default/c\": { \"clusterIPs\": [\"x\"] } } }");

        Assert.Equal(3, new AllocationStore(_directory).Load(_diagnostics).Services.Count);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_that_says_what_would_help()
    {
        File.WriteAllText(_directory, "a file where the folder should be");

        var error = new AllocationStore(Path.Combine(_directory, "state")).Save(Book());

        Assert.Equal(Severity.Error, error!.Severity);
        Assert.Contains("name another --state-dir", error.Message, StringComparison.Ordinal);
        File.Delete(_directory);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static AllocationBook Book() => new(AllocationBook.Empty.Services
        .Add("default/web", new(["10.96.1.2", "fd00::7"], [KeyValuePair.Create("", 30080)], 30081))
        .Add("default/dns", new(["10.96.1.3"], [KeyValuePair.Create("tcp", 30053), KeyValuePair.Create("udp", 30053)], 0)));
}
