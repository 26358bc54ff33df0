package ec2_test

import (
	"fmt"
	"testing"
	"time"
)

func TestVolumes(t *testing.T) {
	w := newWorld(t)
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a"}`, "MissingParameter: The request must contain the parameter size/snapshot")
	vol := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":10,"VolumeType":"gp3"}`).want("State", "available").want("Iops", "3000").want("Throughput", "125").get("VolumeId")
	far := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","Size":1}`).want("VolumeType", "gp2").want("Iops", "100").get("VolumeId")
	id := w.run("")
	attach := func(v, device string) string {
		return `{"VolumeId":"` + v + `","InstanceId":"` + id + `","Device":"` + device + `"}`
	}
	w.refused("AttachVolume", attach(far, "/dev/sdf"), "InvalidVolume.ZoneMismatch: The volume '"+far+"' is not in the same availability zone as instance '"+id+"'")
	w.ok("AttachVolume", attach(vol, "/dev/sdf")).want("State", "attaching")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`).want("Volumes.0.State", "in-use").want("Volumes.0.Attachments.0.State", "attached")
	if m := w.machines.machine(id); fmt.Sprint(m.Mounts) != "[{"+vol+" /mnt/sdf }]" {
		t.Errorf("mounts %v", m.Mounts)
	}
	w.refused("AttachVolume", attach(vol, "/dev/sdg"), "VolumeInUse: "+vol+" is already attached to an instance")
	w.refused("DeleteVolume", `{"VolumeId":"`+vol+`"}`, "VolumeInUse: Volume "+vol+" is currently attached to "+id)
	w.ok("StopInstances", `{"InstanceIds":["`+id+`"]}`)
	w.ok("DetachVolume", `{"VolumeId":"`+vol+`"}`).want("State", "detaching")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`).want("Volumes.0.State", "available")
	w.refused("DetachVolume", `{"VolumeId":"`+vol+`"}`, "IncorrectState: Volume '"+vol+"' is in the 'available' state.")
	w.ok("AttachVolume", attach(vol, "/dev/sdf")).want("State", "attached")
	w.ok("StartInstances", `{"InstanceIds":["`+id+`"]}`)
	w.ok("DetachVolume", `{"VolumeId":"`+vol+`"}`)
	if m := w.machines.machine(id); len(m.Mounts) != 0 {
		t.Errorf("mounts %v", m.Mounts)
	}
	w.refused("ModifyVolume", `{"VolumeId":"`+vol+`","Size":5}`, "InvalidParameterValue: New size cannot be smaller than existing size")
	w.ok("ModifyVolume", `{"VolumeId":"`+vol+`","Size":30}`).want("VolumeModification.TargetSize", "30").want("VolumeModification.OriginalSize", "10")

	snap := w.ok("CreateSnapshot", `{"VolumeId":"`+vol+`","Description":"monday"}`).want("State", "pending").get("SnapshotId")
	w.ok("DescribeSnapshots", `{"OwnerIds":["self"]}`).want("Snapshots.0.State", "completed").want("Snapshots.0.Progress", "100%").want("Snapshots.0.VolumeSize", "30")
	copied := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","SnapshotId":"`+snap+`"}`).want("Size", "30").want("State", "creating").get("VolumeId")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+copied+`"]}`).want("Volumes.0.State", "available")
	if from := w.machines.volumes[copied]; from != snap || w.machines.volumes[snap] != vol {
		t.Errorf("copied %v", w.machines.volumes)
	}
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","Size":1,"SnapshotId":"`+snap+`"}`, "InvalidParameterValue: Volume of size 1GB is smaller than snapshot '"+snap+"', expect size >= 30GB")
	w.ok("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`)
	w.ok("DeleteVolume", `{"VolumeId":"`+vol+`"}`)
	w.refused("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`, "InvalidVolume.NotFound: The volume '"+vol+"' does not exist.")
}

// TestModifications: one at a time, four in any 24 hours of the cloud's clock. Messages and times are those of AWS, recorded in
// September 2026.
func TestModifications(t *testing.T) {
	w := newWorld(t)
	vol := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1,"VolumeType":"gp3"}`).get("VolumeId")
	grow := func(gib int) string { return fmt.Sprintf(`{"VolumeId":"%s","Size":%d}`, vol, gib) }
	shown := func(state, progress, end string) {
		t.Helper()
		w.ok("DescribeVolumesModifications", `{"VolumeIds":["`+vol+`"]}`).want("VolumesModifications.0.ModificationState", state).
			want("VolumesModifications.0.Progress", progress).want("VolumesModifications.0.EndTime", end)
		if n := w.ok("DescribeVolumesModifications", `{"Filters":[{"Name":"modification-state","Values":["`+state+`"]},{"Name":"target-size","Values":["2"]}]}`).len("VolumesModifications"); n != 1 {
			t.Errorf("%d modifications are %s", n, state)
		}
	}
	at := func(s int64) string { return fmt.Sprint(float64(birth.Unix() + s)) }
	const busy = "IncorrectModificationState: Volume %s cannot be modified in modification state %s"
	w.refused("DescribeVolumesModifications", `{"VolumeIds":["`+vol+`"]}`, "InvalidVolumeModification.NotFound: Modification for volume '"+vol+"' does not exist.")
	w.after(300 * time.Millisecond)
	w.ok("ModifyVolume", grow(2)).want("VolumeModification.ModificationState", "modifying").want("VolumeModification.Progress", "0").
		want("VolumeModification.StartTime", at(0)).want("VolumeModification.EndTime", "")
	shown("modifying", "0", "")
	w.refused("ModifyVolume", grow(3), fmt.Sprintf(busy, vol, "MODIFYING"))
	w.refused("AttachVolume", `{"VolumeId":"`+vol+`","InstanceId":"`+w.run("")+`","Device":"/dev/sdf"}`, "OperationNotPermitted: Cannot attach volume "+vol+" when it is in modification state: MODIFYING")
	w.after(1500 * time.Millisecond)
	shown("optimizing", "50", "")
	w.refused("ModifyVolume", grow(3), fmt.Sprintf(busy, vol, "OPTIMIZING"))
	w.after(500 * time.Millisecond)
	shown("completed", "100", at(2))
	for range 3 { // the same size again is a modification as well
		w.ok("ModifyVolume", grow(2))
		w.after(2 * time.Second)
	}
	w.refused("ModifyVolume", grow(3), "VolumeModificationRateExceeded: You've reached the maximum modification rate per volume limit. Wait until 2026-11-21T09:00:00.300Z before you can issue the next modification request for this volume.")
	w.after(24*time.Hour - 8*time.Second - time.Millisecond)
	w.refused("ModifyVolume", grow(3), "VolumeModificationRateExceeded: You've reached the maximum modification rate per volume limit. Wait until 2026-11-21T09:00:00.300Z before you can issue the next modification request for this volume.")
	w.after(time.Millisecond)
	w.ok("ModifyVolume", grow(3))
	w.after(2 * time.Second)
	w.ok("ModifyVolume", grow(4)).want("VolumeModification.OriginalSize", "3") // the second one of yesterday is a day old by now
}

// TestShapes: what a type of volume allows, in AWS's words.
func TestShapes(t *testing.T) {
	w := newWorld(t)
	for asked, want := range map[string]string{
		`"Size":1,"VolumeType":"gp9"`:                                "UnknownVolumeType: Unsupported volume type 'gp9' for volume creation. ",
		`"Size":1,"VolumeType":"st1"`:                                "InvalidParameterValue: The volume size is invalid for st1 volumes: 1 GiB. st1 volumes must be at least 125 GiB in size. Please specify a volume size above the minimum limit.",
		`"Size":65537,"VolumeType":"gp3"`:                            "InvalidParameterValue: Volume of 65537GiB is too large for volume type gp3; maximum is 65536GiB",
		`"Size":4,"VolumeType":"io1"`:                                "InvalidParameterCombination: The parameter iops must be specified for io1 volumes.",
		`"Size":4,"Iops":3000`:                                       "InvalidParameterCombination: The parameter iops is not supported for gp2 volumes.",
		`"Size":4,"Throughput":125`:                                  "InvalidParameterCombination: The throughput parameter is not supported for gp2 volumes.",
		`"Size":4,"VolumeType":"gp3","Iops":99`:                      "InvalidParameterValue: Volume iops of 99 is too low; minimum is 100.",
		`"Size":4,"VolumeType":"gp3","Iops":-1`:                      "InvalidParameterValue: Value (-1) for parameter iops is invalid. Value must be a positive integer.",
		`"Size":4,"VolumeType":"io2","Iops":256001`:                  "InvalidParameterValue: Volume iops of 256001 is too high; maximum is 256000.",
		`"Size":4,"VolumeType":"io2","Iops":4001`:                    "InvalidParameterValue: Iops to volume size ratio of 1000.250000 is too high; maximum is 1000",
		`"Size":1,"VolumeType":"gp3","Iops":2999`:                    "InvalidParameterValue: Iops to volume size ratio of 2999.000000 is too high; maximum is 500",
		`"Size":1,"VolumeType":"gp3","Throughput":751`:               "InvalidParameterValue: Throughput (MiBps) to iops ratio of 0.250333 is too high; maximum is 0.250000 MiBps per iops",
		`"Size":99,"VolumeType":"gp3","Iops":9000,"Throughput":2001`: "InvalidParameterValue: Volume throughput of 2001 is too high; maximum is 2000.",
		`"VolumeType":"gp3"`:                                         "MissingParameter: The request must contain the parameter size/snapshot",
		`"Size":1,"VolumeType":"gp3","SnapshotId":"snap-12345678"`:   "InvalidSnapshot.NotFound: Snapshot does not exist",
		`"Size":1,"TagSpecifications":[{"ResourceType":"snapshot"}]`: "InvalidParameterValue: 'snapshot' is not a valid taggable resource type for this operation.",
	} {
		w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a",`+asked+`}`, want)
	}
	w.refused("CreateVolume", `{"Size":1}`, "MissingParameter: The request must contain the parameter zone")
	w.refused("CreateVolume", `{"Size":1,"AvailabilityZone":"ap-northeast-2z"}`, "InvalidZone.NotFound: The zone 'ap-northeast-2z' does not exist.")
	w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1,"VolumeType":"gp3","Iops":500,"Throughput":1}`).want("Iops", "3000").want("Throughput", "125")
	vol := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`).get("VolumeId")
	w.refused("ModifyVolume", `{"VolumeId":"`+vol+`"}`, "InvalidParameterValue: Invalid input: Must specify at least one of size, type, iops, throughput or multi-attach.")
	w.ok("ModifyVolume", `{"VolumeId":"`+vol+`","VolumeType":"gp3"}`).want("VolumeModification.TargetIops", "3000").want("VolumeModification.OriginalThroughput", "")
}

func TestDeleteOnTermination(t *testing.T) {
	w := newWorld(t)
	id := w.run(`,"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":5,"DeleteOnTermination":false}},{"DeviceName":"/dev/sdg","Ebs":{"VolumeSize":6}}]`)
	if n := w.ok("DescribeVolumes", `{"Filters":[{"Name":"attachment.instance-id","Values":["`+id+`"]}]}`).len("Volumes"); n != 3 {
		t.Errorf("%d volumes", n)
	}
	w.ok("TerminateInstances", `{"InstanceIds":["`+id+`"]}`)
	left := w.ok("DescribeVolumes", `{}`).want("Volumes.0.Size", "5").want("Volumes.0.State", "available").want("Volumes.0.VolumeType", "gp3")
	if left.len("Volumes") != 1 {
		t.Errorf("%d volumes are left", left.len("Volumes"))
	}
}

func TestImages(t *testing.T) {
	w := newWorld(t)
	w.ok("DescribeImages", `{"Owners":["amazon"],"Filters":[{"Name":"name","Values":["al2023-ami-*-x86_64"]},{"Name":"architecture","Values":["x86_64"]}]}`).want("Images.0.ImageId", image)
	w.ok("DescribeImages", `{"Owners":["self"]}`).want("Images", "[]")
	w.refused("DeregisterImage", `{"ImageId":"`+image+`"}`, "AuthFailure: Not authorized for image:"+image)
	id := w.run(`,"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":5}}]`)
	ami := w.ok("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`).get("ImageId")
	made := w.ok("DescribeImages", `{"ImageIds":["`+ami+`"]}`).want("Images.0.State", "available").want("Images.0.Public", "false").want("Images.0.SourceInstanceId", id)
	if made.len("Images.0.BlockDeviceMappings") != 2 {
		t.Error("the image has not both disks")
	}
	w.refused("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`, "InvalidAMIName.Duplicate: AMI name golden is already in use by AMI "+ami)
	snap := made.get("Images.0.BlockDeviceMappings.0.Ebs.SnapshotId")
	w.refused("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`, "InvalidSnapshot.InUse: The snapshot "+snap+" is currently in use by "+ami)
	twin := w.ok("RunInstances", `{"ImageId":"`+ami+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`).get("Instances.0.InstanceId")
	m := w.machines.machine(twin)
	if m.Image != ami || len(m.Mounts) != 1 || m.Mounts[0].From != made.get("Images.0.BlockDeviceMappings.1.Ebs.SnapshotId") {
		t.Errorf("%+v", m)
	}
	w.ok("AttachVolume", `{"VolumeId":"`+w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`).get("VolumeId")+`","InstanceId":"`+id+`","Device":"/dev/sdg"}`)
	old := w.ok("CreateImage", `{"InstanceId":"`+id+`","Name":"with gp2"}`).get("ImageId") // a type whose IOPS nobody may ask for
	w.ok("RunInstances", `{"ImageId":"`+old+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`)
	w.ok("DeregisterImage", `{"ImageId":"`+ami+`"}`)
	w.ok("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`)
	unavailable := "InvalidAMIID.Unavailable: The image ID '" + ami + "' is no longer available"
	w.refused("RunInstances", `{"ImageId":"`+ami+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, unavailable)
	w.refused("DeregisterImage", `{"ImageId":"`+ami+`"}`, unavailable)
	w.refused("CreateTags", `{"Resources":["`+ami+`"],"Tags":[{"Key":"a","Value":"b"}]}`, unavailable)
	w.ok("DescribeImages", `{"ImageIds":["`+ami+`"]}`).want("Images", "[]")
	if n := w.ok("DescribeImages", `{"ImageIds":["`+ami+`","`+old+`"]}`).want("Images.0.ImageId", old).len("Images"); n != 1 {
		t.Errorf("%d images", n)
	}
	w.ok("DescribeImages", `{"Owners":["self"]}`).want("Images.0.ImageId", old)
	w.refused("DescribeImages", `{"ImageIds":["ami-12345678"]}`, "InvalidAMIID.NotFound: The image id '[ami-12345678]' does not exist")
	w.refused("DeregisterImage", `{"ImageId":"ami-12345678"}`, "InvalidAMIID.NotFound: The image id '[ami-12345678]' does not exist")
	w.ok("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`)
}

// What is still being made can be named, and deleted.
func TestUnfinished(t *testing.T) {
	w := newWorld(t)
	id := w.run("")
	vol := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`).get("VolumeId")
	snap := w.ok("CreateSnapshot", `{"VolumeId":"`+vol+`"}`).get("SnapshotId")
	w.machines.hold = make(chan struct{})
	half := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","SnapshotId":"`+snap+`"}`).want("State", "creating").get("VolumeId")
	w.refused("CreateSnapshot", `{"VolumeId":"`+half+`"}`, "IncorrectState: Volume '"+half+"' is in the 'creating' state.")
	w.ok("DeleteVolume", `{"VolumeId":"`+half+`"}`)
	ami := w.ok("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`).get("ImageId")
	w.refused("RunInstances", `{"ImageId":"`+ami+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, "InvalidAMIID.Unavailable: AMI '"+ami+"' is pending, and cannot be run")
	w.ok("DeregisterImage", `{"ImageId":"`+ami+`"}`)
	close(w.machines.hold)
	w.machines.mu.Lock()
	w.machines.hold = nil
	w.machines.mu.Unlock()
	w.settle()
	if from, left := w.machines.volumes[half]; left {
		t.Errorf("the deleted volume is a copy of %s", from)
	}
	w.ok("DescribeImages", `{"ImageIds":["`+ami+`"]}`).want("Images", "[]")
}

// A machine learns that its root disk has grown.
func TestRootDiskGrows(t *testing.T) {
	w := newWorld(t)
	id := w.run("")
	if m := w.machines.machine(id); m.Settings.Disk != 8 {
		t.Errorf("it begins with %d GiB", m.Settings.Disk)
	}
	root := w.ok("DescribeInstances", `{}`).get("Reservations.0.Instances.0.BlockDeviceMappings.0.Ebs.VolumeId")
	w.ok("ModifyVolume", `{"VolumeId":"`+root+`","Size":20}`)
	if m := w.machines.machine(id); m.Settings.Disk != 20 {
		t.Errorf("it has %d GiB", m.Settings.Disk)
	}
}

func TestKeyPairs(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"rsa", "ed25519"} {
		made := w.ok("CreateKeyPair", `{"KeyName":"`+kind+`","KeyType":"`+kind+`"}`)
		public := w.ok("DescribeKeyPairs", `{"KeyNames":["`+kind+`"],"IncludePublicKey":true}`).want("KeyPairs.0.KeyFingerprint", made.get("KeyFingerprint")).get("KeyPairs.0.PublicKey")
		checkPrivateKey(t, made.get("KeyMaterial"), public)
	}
	w.refused("CreateKeyPair", `{"KeyName":"rsa"}`, "InvalidKeyPair.Duplicate: The keypair already exists")
	w.ok("DeleteKeyPair", `{"KeyName":"rsa"}`).want("Return", "true")
	w.ok("DeleteKeyPair", `{"KeyName":"rsa"}`).want("Return", "true")
	w.refused("DescribeKeyPairs", `{"KeyNames":["rsa"]}`, "InvalidKeyPair.NotFound: The key pair 'rsa' does not exist")
	w.refused("ImportKeyPair", `{"KeyName":"mine","PublicKeyMaterial":"bm9uc2Vuc2U="}`, "InvalidKey.Format: Key is not in valid OpenSSH public key format")
}

func TestTags(t *testing.T) {
	w := newWorld(t)
	id := w.run("")
	vpc := w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId")
	w.ok("CreateTags", `{"Resources":["`+id+`","`+vpc+`"],"Tags":[{"Key":"team","Value":"sky"},{"Key":"empty","Value":""}]}`)
	if n := w.ok("DescribeTags", `{"Filters":[{"Name":"key","Values":["team"]}]}`).len("Tags"); n != 2 {
		t.Errorf("%d tags", n)
	}
	w.ok("DeleteTags", `{"Resources":["`+id+`"],"Tags":[{"Key":"team","Value":"sea"},{"Key":"empty"}]}`)
	w.ok("DescribeTags", `{"Filters":[{"Name":"resource-id","Values":["`+id+`"]}]}`).want("Tags.0.Key", "team").want("Tags.1", "")
	w.refused("CreateTags", `{"Resources":["i-12345678"],"Tags":[{"Key":"a","Value":"b"}]}`, "InvalidInstanceID.NotFound: The instance ID 'i-12345678' does not exist")
	w.refused("CreateTags", `{"Resources":["`+id+`"],"Tags":[{"Key":"aws:x","Value":"b"}]}`, "InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use")
}
