using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Reading;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Reading;

public sealed class ManifestSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Service(string name, int port = 80) =>
        $"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  ports:\n  - port: {port}\n";

    [Fact]
    public void AFolderIsReadInOrderOfNamesWithoutHiddenFiles()
    {
        _folder.Write("b.yml", Service("b"));
        _folder.Write("a.yaml", Service("a"));
        _folder.Write("sub/c.json", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"c"},"spec":{"ports":[{"port":80}]}}""");
        _folder.Write("notes.txt", "no manifest");
        _folder.Write("..data/a.yaml", Service("a"));
        _folder.Write(".hidden.yaml", "}");
        Directory.CreateSymbolicLink(_folder.File("loop"), _folder.Path);

        var set = new ManifestSource(new([_folder.Path, _folder.File("a.yaml")])).Load();

        Assert.Empty(set.Diagnostics);
        Assert.Equal(["a", "b", "c"], set.Objects.Select(o => o.Metadata.Name));
    }

    [Fact]
    public void WhatCannotBeReadIsNamed()
    {
        var empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        File.WriteAllBytes(_folder.File("binary.yaml"), [0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]);
        File.WriteAllBytes(_folder.File("latin1.yaml"), [0x61, 0xe9, 0x62]);
        var comments = _folder.Write("comments.yaml", "# nothing\n---\n# yet\n");

        var set = new ManifestSource(new([_folder.File("missing.yaml"), empty, _folder.File("binary.yaml"), _folder.File("latin1.yaml"), comments])).Load();

        Assert.Equal(
            [
                $"{_folder.File("missing.yaml")}: there is no such file or folder; give the path of a file or folder of YAML or JSON manifests, or - for standard input",
                $"{empty}: there is no *.yaml, *.yml or *.json file in this folder",
                $"{_folder.File("binary.yaml")}: this is not a text file (it holds zero bytes); a manifest is YAML or JSON",
                $"{_folder.File("latin1.yaml")}: this is not a text file (it is not UTF-8); a manifest is YAML or JSON",
                $"{comments}: warning: there is no manifest in this file",
            ],
            set.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void TheSameObjectTwiceIsAnErrorThatNamesBothPlaces()
    {
        var a = _folder.Write("a.yaml", Service("web") + "---\n" + Service("other"));
        var b = _folder.Write("b.yaml", "# again\n" + Service("web"));

        var set = new ManifestSource(new([a, b])).Load();

        Assert.Equal([$"{b}:2: metadata.name: Service default/web is there twice: it is also at {a}:1"], set.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void UnchangedObjectsAreTheSameInstances()
    {
        var file = _folder.Write("a.yaml", Join(Service("a"), Service("b"), Service("c")));
        var source = new ManifestSource(new([file]));
        var first = source.Load().Objects;

        _folder.Write("a.yaml", Join(Service("a"), Service("b", 81), Service("c")));
        var second = source.Load().Objects;

        Assert.Same(first[0], second[0]);
        Assert.NotEqual(first[1], second[1]);
        Assert.Same(first[2], second[2]);
    }

    [Fact]
    public void AMovedObjectIsEqualAndKnowsItsNewLines()
    {
        var file = _folder.Write("a.yaml", Join(Service("a"), Service("b"), Service("c", 0)));
        var source = new ManifestSource(new([file]));
        var first = source.Load();

        _folder.Write("a.yaml", Join("# moved\n" + Service("a"), Service("new"), Service("b"), Service("c", 0)));
        var second = source.Load();

        Assert.Equal(["a", "new", "b", "c"], second.Objects.Select(o => o.Metadata.Name));
        Assert.Equal(first.Objects[1], second.Objects[2]);
        Assert.Equal((9, 15), (first.Objects[1].Source.Line, first.Objects[1].Source.LineOf("spec.ports[0].port")));
        Assert.Equal((18, 24), (second.Objects[2].Source.Line, second.Objects[2].Source.LineOf("spec.ports[0].port")));
        Assert.Equal([23, 23], first.Diagnostics.Select(d => d.Line));
        Assert.Equal([32, 32], second.Diagnostics.Select(d => d.Line));
    }

    [Fact]
    public void ReloadFollowsFilesThatComeAndGo()
    {
        _folder.Write("a.yaml", Service("a"));
        var source = new ManifestSource(new([_folder.Path]));
        source.Load();

        _folder.Write("b.yaml", Service("b"));
        Assert.Equal(["a", "b"], source.Load().Objects.Select(o => o.Metadata.Name));

        File.Delete(_folder.File("a.yaml"));
        Assert.Equal(["b"], source.Load().Objects.Select(o => o.Metadata.Name));
    }

    [Fact]
    public void StandardInputIsReadOnce()
    {
        var reads = 0;
        var source = new ManifestSource(new(["-"]), () =>
        {
            reads++;
            return new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Service("a", 0)));
        });

        var first = source.Load();
        var second = source.Load();

        Assert.Equal(1, reads);
        Assert.Same(first.Objects[0], second.Objects[0]);
        Assert.Equal("-", second.Diagnostics[0].File);
        Assert.Equal(Severity.Error, second.Diagnostics[0].Severity);
    }

    [Fact]
    public void ItemsOfAListHaveTheirOwnLines()
    {
        var text = "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(
            new[] { Service("a"), Service("b", 0) }.Select(s => "- " + s.TrimEnd().ReplaceLineEndings("\n  ") + "\n"));
        var set = Manifests.Load(text);

        Assert.Equal("-:17: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", set.Diagnostics[0].ToString());
        Assert.Equal((11, 17), (set.Objects[1].Source.Line, set.Objects[1].Source.LineOf("spec.ports[0].port")));
    }

    private static string Join(params string[] documents) => string.Join("---\n", documents);
}
